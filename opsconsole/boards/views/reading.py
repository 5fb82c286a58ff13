"""The list of boards, and one of them."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import signed_in, team_zone
from opsconsole.boards import pages, selectors, services, windows
from opsconsole.boards.models import Board
from opsconsole.boards.pages import Page
from opsconsole.boards.selectors import AnyBoard
from opsconsole.boards.shipped import SHIPPED
from opsconsole.boards.windows import Window
from opsconsole.lib import clock, htmx
from opsconsole.measures.pages import day_of
from opsconsole.ui.templatetags.ui import when

EVERY = 30
"""Seconds after which a board is read again."""


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    user, zone, now = signed_in(request), team_zone(), clock.now()
    shipped, own = list(SHIPPED.values()), selectors.own(user)
    lines = pages.lines([*shipped, *own], zone, now)
    context = {
        "lines": lines[: len(shipped)],
        "own": lines[len(shipped) :],
        "removed": services.removed(user, request.GET.get("removed", "")),
    }
    return render(request, "boards/list.html", context)


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    found = board_of(slug, user)
    context = context_of(request, found, user)
    unchanged = None if context["arranging"] else _unchanged(request, context["page"])
    return unchanged or htmx.page(
        request,
        "boards/board.html",
        context,
        partial="board",
        status=400 if context["complaint"] else 200,
    )


def board_of(slug: str, user: User) -> AnyBoard:
    found = selectors.find(slug, user)
    if found is None:
        raise Http404(
            "There is no such board, or nobody shares it with you. The list has all that you can see."
        )
    return found


def context_of(request: HttpRequest, board: AnyBoard, user: User) -> dict[str, Any]:
    zone, now = team_zone(), clock.now()
    window, complaint = _window(request, board, day_of(now, zone))
    return {
        "board": board,
        "own": board if isinstance(board, Board) and services.may_change(user, board) else None,
        "page": pages.page(board, selectors.arranged(board, user), window, zone, now),
        "window": window,
        "choices": windows.CHOICES.items(),
        "complaint": complaint,
        "arranging": "arrange" in request.GET,
        "undo": "undo" in request.GET,
        "every": EVERY,
    }


def _unchanged(request: HttpRequest, page: Page) -> HttpResponse | None:
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
        return windows.parse(found.span, today), str(error)
