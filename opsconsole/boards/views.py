"""The pages of boards."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from opsconsole.accounts.selectors import team_zone
from opsconsole.boards import pages, windows
from opsconsole.boards.pages import Page
from opsconsole.boards.shipped import SHIPPED, Shipped
from opsconsole.boards.windows import Window
from opsconsole.lib import clock, htmx
from opsconsole.measures.pages import day_of
from opsconsole.ui.templatetags.ui import when

EVERY = 30
"""Seconds after which a board is read again."""


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    return render(request, "boards/list.html", {"lines": pages.lines(team_zone(), clock.now())})


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    found, zone, now = SHIPPED[slug], team_zone(), clock.now()
    window, complaint = _window(request, found, day_of(now, zone))
    page = pages.page(found, window, zone, now)
    context = {
        "board": found,
        "page": page,
        "window": window,
        "choices": windows.CHOICES.items(),
        "complaint": complaint,
        "every": EVERY,
    }
    unchanged = _unchanged(request, page)
    return unchanged or htmx.page(
        request, "boards/board.html", context, partial="board", status=400 if complaint else 200
    )


def _unchanged(request: HttpRequest, page: Page) -> HttpResponse | None:
    """304 where the board that is polled would look as it does already, with the time at which that was found."""
    if not htmx.is_partial(request, "board"):
        return None
    answer = get_conditional_response(request, etag=f'"{page.stamp}"')
    if answer:
        answer["X-Read"] = when(page.now, "exact")
    return answer


def _window(request: HttpRequest, found: Shipped, today: date) -> tuple[Window, str]:
    """What was asked for; the board's own span with a complaint when that makes no sense."""
    try:
        return windows.parse(request.GET.get("span") or found.span, today), ""
    except ValueError as error:
        return windows.parse(found.span, today), str(error)
