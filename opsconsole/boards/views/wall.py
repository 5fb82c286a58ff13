"""Boards on a wall: full width, large type, one screen after the other."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opsconsole.accounts.models import User
from opsconsole.accounts.selectors import signed_in
from opsconsole.boards import order, screens, selectors
from opsconsole.boards.selectors import AnyBoard
from opsconsole.boards.shipped import SHIPPED
from opsconsole.boards.views import looking
from opsconsole.lib import htmx
from opsconsole.lib.ids import id_of

MOST = 20


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The boards that are asked for (?board=health&board=support), or all that have figures."""
    user = signed_in(request)
    asked = request.GET.getlist("board")[:MOST]
    shipped = [board for board in SHIPPED.values() if board.figures]
    return shown(request, [looking.board_of(slug, user) for slug in asked] or shipped, user)


def shown(request: HttpRequest, boards: Sequence[AnyBoard], user: User) -> HttpResponse:
    """The screen that is due; while there are several, what is polled is the next one."""
    every, complaint = _pace(request)
    tiled = [(board, order.shown(selectors.arranged(board, user))) for board in boards]
    all_of_them = screens.screens(tiled)
    place = (id_of(request.GET.get("screen", "")) or 0) % len(all_of_them)
    screen = all_of_them[place]
    context = looking.read(request, screen.board, screen.tiles)
    several = len(all_of_them) > 1
    context |= {
        "screen": screen,
        "place": place + 1,
        "of": len(all_of_them),
        "complaint": complaint or context["complaint"],
        "every": every if several else looking.EVERY,
        "again": _address(request, place + 1 if several else place),
        "light": request.GET.get("look") == "light",
    }
    return looking.unchanged(request, context["page"]) or _rendered(request, context)


def _rendered(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    alone = htmx.is_partial(request, "board")
    return render(request, "boards/_screen.html" if alone else "boards/wall.html", context)


def _address(request: HttpRequest, place: int) -> str:
    query = request.GET.copy()
    query["screen"] = str(place)
    return f"{request.path}?{query.urlencode()}"


def _pace(request: HttpRequest) -> tuple[int, str]:
    try:
        return screens.pace(request.GET), ""
    except ValueError as error:
        return screens.PACE, str(error)
