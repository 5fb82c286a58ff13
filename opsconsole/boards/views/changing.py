"""Arranging a board, and making boards of one's own."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import signed_in
from opsconsole.boards import order, selectors, services
from opsconsole.boards.forms import BoardForm
from opsconsole.boards.models import Board
from opsconsole.boards.order import Placed
from opsconsole.boards.views.looking import board_of
from opsconsole.boards.views.reading import context_of
from opsconsole.lib import clock, htmx
from opsconsole.measures.registry import measures
from opsconsole.ui.forms import attempt


@require_POST
def arrange(request: HttpRequest, slug: str) -> HttpResponse:
    """One tile: `act` is one of `order.ACTS`, or “before” with another figure in `other`."""
    user, of, act = signed_in(request), request.POST.get("of", ""), request.POST.get("act", "")
    board = board_of(slug, user)
    figures = selectors.defined(board)
    try:
        if act == "before":
            other = request.POST.get("other", "")
            tiles = services.tile_put(actor=user, board=slug, figures=figures, of=of, other=other)
        else:
            tiles = services.tile_act(actor=user, board=slug, figures=figures, of=of, act=act)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(request, slug)
    return _shown(request, slug, user, _said(of, tiles))


@require_POST
def reset(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    services.arrangement_reset(actor=user, board=board_of(slug, user).slug)
    return _shown(request, slug, user, "The board has its own order again.", undo=True)


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    services.arrangement_undo(actor=user, board=board_of(slug, user).slug)
    return _shown(request, slug, user, "The board is as you had arranged it.")


def _shown(request: HttpRequest, slug: str, user: User, said: str, *, undo: bool = False) -> HttpResponse:
    """The board anew where a script asks; else the page, with what was done above it."""
    if not htmx.is_partial(request, "board"):
        messages.success(request, said)
        return _back(request, slug, **({"undo": "1"} if undo else {}))
    context = context_of(request, board_of(slug, user), user) | {"said": said, "undo": undo}
    return render(request, "boards/_board.html", context)


def _back(request: HttpRequest, slug: str, **more: str) -> HttpResponse:
    query = {"arrange": "1", **{k: v for k, v in request.GET.items() if k == "span"}, **more}
    return redirect(f"{reverse('boards:own', args=[slug])}?{urlencode(query)}")


def _said(of: str, tiles: Sequence[Placed]) -> str:
    """“Uptime is 2 of 11.”"""
    names = [each.of for each in order.shown(list(tiles))]
    title = measures[of].title
    return f"{title} is {names.index(of) + 1} of {len(names)}." if of in names else f"{title} is hidden."


def board_new(request: HttpRequest) -> HttpResponse:
    """Like another board where one is named (?like=health): as this person sees it."""
    user = signed_in(request)
    like = selectors.find(request.GET.get("like", ""), user)
    chosen = [each.of for each in order.shown(selectors.arranged(like, user))] if like else []
    initial = {"name": f"{like.title} of {user}"[:80], "span": like.span, "figures": chosen} if like else {}
    form = BoardForm(request.POST or None, initial=initial, chosen=chosen, may_share=user.may(Role.AGENT))
    if request.method == "POST":
        board = attempt(form, services.board_create, actor=user, now=clock.now())
        if board:
            messages.success(request, f"{board.name} is made. Arrange it as you like.")
            return redirect("boards:own", board.slug)
    return render(request, "boards/form.html", {"form": form, "like": like})


def board_edit(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    board = _own(slug, user)
    initial = {"name": board.name, "span": board.span, "is_shared": board.is_shared, "figures": board.figures}
    form = BoardForm(
        request.POST or None, initial=initial, chosen=board.figures, may_share=user.may(Role.AGENT)
    )
    if request.method == "POST":
        changed = attempt(form, services.board_update, actor=user, board=board)
        if changed:
            messages.success(request, f"{board.name} is changed.")
            return redirect("boards:own", board.slug)
    return render(request, "boards/form.html", {"form": form, "board": board})


@require_POST
def board_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """No question asked: the list it leads to offers to take it back."""
    user = signed_in(request)
    services.board_remove(actor=user, board=_own(slug, user), now=clock.now())
    return redirect(f"{reverse('boards:list')}?removed={slug}")


@require_POST
def board_restore(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    board = services.removed(user, slug)
    if board is None:
        raise Http404("There is no such board to bring back.")
    services.board_restore(actor=user, board=board)
    messages.success(request, f"{board.name} is back.")
    return redirect("boards:own", board.slug)


def _own(slug: str, user: User) -> Board:
    """404 for what they cannot see, 403 for what belongs to somebody else."""
    board = get_object_or_404(Board.objects.seen_by(user), slug=slug)
    services.require_own(user, board)
    return board
