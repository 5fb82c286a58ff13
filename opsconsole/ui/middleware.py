"""What a browser shows where an address takes only what a form sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Get = Callable[[HttpRequest], HttpResponse]


class WrongMethodMiddleware:
    """A tab that is opened again asks for the address of its last form; people get a sentence, machines the bare 405."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405 or request.method != "GET" or not _asks_for_a_page(request):
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page


def _asks_for_a_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")
