"""The pages of boards."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opsconsole.accounts.selectors import team_zone
from opsconsole.boards import pages, windows
from opsconsole.boards.shipped import SHIPPED, Shipped
from opsconsole.boards.windows import Window
from opsconsole.lib import clock, htmx
from opsconsole.measures.pages import day_of


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    return render(request, "boards/list.html", {"lines": pages.lines(team_zone(), clock.now())})


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    found, zone, now = SHIPPED[slug], team_zone(), clock.now()
    window, complaint = _window(request, found, day_of(now, zone))
    tiles = pages.tiles_of(found.figures, window, zone, now)
    context = {
        "board": found,
        "window": window,
        "choices": windows.CHOICES.items(),
        "tiles": tiles,
        "sentence": pages.sentence(tiles) if tiles else found.lacks,
        "complaint": complaint,
        "now": now,
    }
    return htmx.page(request, "boards/board.html", context, partial="board", status=400 if complaint else 200)


def _window(request: HttpRequest, found: Shipped, today: date) -> tuple[Window, str]:
    """What was asked for; the board's own span with a complaint when that makes no sense."""
    try:
        return windows.parse(request.GET.get("span") or found.span, today), ""
    except ValueError as error:
        return windows.parse(found.span, today), str(error)
