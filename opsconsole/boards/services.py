"""Writers of boards and of how people arrange them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require
from opsconsole.boards import order
from opsconsole.boards.models import Arrangement, Board
from opsconsole.boards.order import Placed
from opsconsole.boards.shipped import SHIPPED
from opsconsole.lib.slugs import free_slug
from opsconsole.measures.registry import measures

MOST = 60
RESERVED = (*SHIPPED, "new", "wall")


@transaction.atomic
def board_create(
    *, actor: User, name: str, figures: Sequence[str], span: str, is_shared: bool, now: datetime
) -> Board:
    """Private boards are everybody's to make; to share one needs more than reading. Raises ValidationError."""
    _check(actor, figures, is_shared)
    slug = free_slug(name, Board.objects.all(), instead="board", reserved=RESERVED)
    return Board.objects.create(
        name=name,
        slug=slug,
        owner=actor,
        figures=list(dict.fromkeys(figures)),
        span=span,
        is_shared=is_shared,
        created_at=now,
    )


@transaction.atomic
def board_update(
    *, actor: User, board: Board, name: str, figures: Sequence[str], span: str, is_shared: bool
) -> Board:
    """Its address stays. Raises ValidationError."""
    require_own(actor, board)
    _check(actor, figures, is_shared and not board.is_shared)
    board.name, board.span, board.is_shared = name, span, is_shared
    board.figures = list(dict.fromkeys(figures))
    board.save(update_fields=["name", "figures", "span", "is_shared"])
    return board


@transaction.atomic
def board_remove(*, actor: User, board: Board, now: datetime) -> Board:
    """Gone for everybody; `board_restore` brings it back as everybody had arranged it."""
    require_own(actor, board)
    board.removed_at = now
    board.save(update_fields=["removed_at"])
    return board


@transaction.atomic
def board_restore(*, actor: User, board: Board) -> Board:
    require_own(actor, board)
    board.removed_at = None
    board.save(update_fields=["removed_at"])
    return board


def may_change(actor: User, board: Board) -> bool:
    """Whoever made it, and managers what is shared: people go, their boards stay."""
    return board.owner_id == actor.pk or (board.is_shared and actor.may(Role.MANAGER))


def removed(actor: User, slug: str) -> Board | None:
    """A removed board that they may bring back."""
    found = Board.objects.exclude(removed_at=None).filter(slug=slug).select_related("owner").first()
    return found if found and may_change(actor, found) else None


def require_own(actor: User, board: Board) -> None:
    if not may_change(actor, board):
        raise PermissionDenied(f"This board belongs to {board.owner}; make one like it for yourself.")


def _check(actor: User, figures: Sequence[str], shares: bool) -> None:
    if shares:
        require(actor, Role.AGENT)
    known = {slug for slug, _ in measures.items()}
    if unknown := [slug for slug in figures if slug not in known]:
        raise ValidationError({"figures": f"There is no figure named “{unknown[0][:80]}”."})
    if not 1 <= len(figures) <= MOST:
        raise ValidationError({"figures": f"Choose 1 to {MOST} figures; there are {len(figures)}."})


@transaction.atomic
def tile_act(*, actor: User, board: str, figures: Sequence[str], of: str, act: str) -> list[Placed]:
    """Move, size, hide or show one tile for this person. Raises ValidationError for an act or a tile that is none."""
    if act not in order.ACTS:
        raise ValidationError("A tile can be moved, sized, hidden and shown; nothing else.")
    return _arranged(actor, board, figures, of, lambda tiles: order.ACTS[act](tiles, of))


@transaction.atomic
def tile_put(*, actor: User, board: str, figures: Sequence[str], of: str, other: str) -> list[Placed]:
    """Put a tile before another one, or last."""
    return _arranged(actor, board, figures, of, lambda tiles: order.before(tiles, of, other))


@transaction.atomic
def arrangement_reset(*, actor: User, board: str) -> None:
    """Back to the board's own order; what was is put aside for `arrangement_undo`."""
    rows = Arrangement.objects.select_for_update().filter(user=actor, board=board)
    for row in rows.exclude(tiles=[]):
        row.tiles, row.former = [], row.tiles
        row.save(update_fields=["tiles", "former"])


@transaction.atomic
def arrangement_undo(*, actor: User, board: str) -> None:
    """As it was before it was put back; nothing happens once it was arranged anew."""
    for row in Arrangement.objects.select_for_update().filter(user=actor, board=board, tiles=[]):
        row.tiles, row.former = row.former, []
        row.save(update_fields=["tiles", "former"])


def _arranged(
    actor: User,
    board: str,
    figures: Sequence[str],
    of: str,
    change: Callable[[list[Placed]], list[Placed]],
) -> list[Placed]:
    if of not in figures:
        raise ValidationError("This figure does not stand on the board any more; load the page again.")
    row, _ = Arrangement.objects.select_for_update().get_or_create(user=actor, board=board)
    tiles = change(order.placed(figures, row.tiles))
    row.tiles, row.former = order.stored(tiles), []
    row.save(update_fields=["tiles", "former"])
    return tiles
