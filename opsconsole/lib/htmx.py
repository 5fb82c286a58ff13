"""Page and partial live in one template: `page.html` includes `_rows.html`, and a request by htmx gets the partial alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def is_partial(request: HttpRequest, name: str) -> bool:
    """Whether htmx asks for the element with the id `name` only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == name


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str = "", status: int = 200
) -> HttpResponse:
    """Render `noun/view.html`, or `noun/_<partial>.html` when htmx targets the element with that id."""
    chosen = template
    if partial and is_partial(request, partial):
        chosen = f"{template.rpartition('/')[0]}/_{partial}.html"
    response = render(request, chosen, context, status=status)
    response["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
