"""What every page of a board needs: the board, if this person may see it, and its tiles as they are now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import team_zone
from opsconsole.boards import pages, selectors, windows
from opsconsole.boards.order import Placed
from opsconsole.boards.pages import Page
from opsconsole.boards.selectors import AnyBoard
from opsconsole.boards.windows import Window
from opsconsole.lib import clock, htmx
from opsconsole.measures.pages import day_of
from opsconsole.ui.templatetags.ui import when

EVERY = 30
"""Seconds after which a board is read again."""


def board_of(slug: str, user: User) -> AnyBoard:
    found = selectors.find(slug, user)
    if found is None:
        raise Http404(
            "There is no such board, or nobody shares it with you. The list has all that you can see."
        )
    return found


def read(request: HttpRequest, board: AnyBoard, tiles: Sequence[Placed]) -> dict[str, Any]:
    """What templates show of a board: its tiles over the span that the address asks for."""
    zone, now = team_zone(), clock.now()
    window, complaint = _window(request, board, day_of(now, zone))
    return {
        "board": board,
        "page": pages.page(board, tiles, window, zone, now),
        "window": window,
        "complaint": complaint,
    }


def unchanged(request: HttpRequest, page: Page) -> HttpResponse | None:
    """304 where the board that is polled would look as it does already, with the time at which that was found."""
    if not htmx.is_partial(request, "board"):
        return None
    answer = get_conditional_response(request, etag=f'"{page.stamp}"')
    if answer:
        answer["X-Read"] = when(page.now, "exact")
    return answer


def _window(request: HttpRequest, found: AnyBoard, today: date) -> tuple[Window, str]:
    """What was asked for; the board's own span with a complaint when that makes no sense."""
    try:
        return windows.parse(request.GET.get("span") or found.span, today), ""
    except ValueError as error:
        window = windows.parse(found.span, today)
        return window, f"{error} Shown is {window.name}."
