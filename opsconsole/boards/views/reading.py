"""The list of boards, and one of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import signed_in, team_zone
from opsconsole.boards import pages, screens, selectors, services, windows
from opsconsole.boards.models import Board
from opsconsole.boards.selectors import AnyBoard
from opsconsole.boards.shipped import SHIPPED
from opsconsole.boards.views import looking, wall
from opsconsole.lib import clock, htmx


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    user, zone, now = signed_in(request), team_zone(), clock.now()
    shipped, own = list(SHIPPED.values()), selectors.own(user)
    lines = pages.lines([*shipped, *own], zone, now)
    context = {
        "headline": pages.headline(lines),
        "lines": lines[: len(shipped)],
        "own": lines[len(shipped) :],
        "removed": services.removed(user, request.GET.get("removed", "")),
        "paces": (10, screens.PACE, screens.SLOWEST),
        "pace": screens.PACE,
    }
    return render(request, "boards/list.html", context)


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """As a page, or with ?wall=1 as a screen on a wall."""
    user = signed_in(request)
    found = looking.board_of(slug, user)
    if "wall" in request.GET:
        return wall.shown(request, [found], user)
    context = context_of(request, found, user)
    unchanged = None if context["arranging"] else looking.unchanged(request, context["page"])
    return unchanged or htmx.page(
        request,
        "boards/board.html",
        context,
        partial="board",
        status=400 if context["complaint"] else 200,
    )


def context_of(request: HttpRequest, board: AnyBoard, user: User) -> dict[str, Any]:
    return looking.read(request, board, selectors.arranged(board, user)) | {
        "own": board if isinstance(board, Board) and services.may_change(user, board) else None,
        "choices": windows.CHOICES.items(),
        "arranging": "arrange" in request.GET,
        "undo": "undo" in request.GET,
        "every": looking.EVERY,
    }
