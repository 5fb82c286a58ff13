from django.http import HttpRequest, HttpResponse


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("soon")
