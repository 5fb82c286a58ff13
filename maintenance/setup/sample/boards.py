"""Boards that people of Larkfield made: one of whoever loads the sample, and one that a manager shares."""

from datetime import timedelta

from maintenance.setup.sample.world import World
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.boards.models import Board
from opsconsole.boards.services import board_create
from opsconsole.measures.registry import measures

MINE = ("monitoring.uptime", "incidents.open", "heartbeats.late", "metric:signups", "metric:mrr")
SHARED = (
    "metric:transactions",
    "metric:payments_error_rate",
    "metric:mrr",
    "metric:churn_30d",
    "monitoring.downtime",
    "incidents.tta",
)


def make(world: World) -> None:
    owner = User.objects.filter(role=Role.OWNER, is_active=True).order_by("pk").first()
    made = [_board(world, world.people["Mia Berger"], "Checkout and money", SHARED, "30d", is_shared=True)]
    if owner:
        made.append(_board(world, owner, "My morning", MINE, "7d"))
    world.keep(made)


def _board(
    world: World, actor: User, name: str, figures: tuple[str, ...], span: str, *, is_shared: bool = False
) -> Board:
    known = {slug for slug, _ in measures.items()}
    return board_create(
        actor=actor,
        name=name,
        figures=[slug for slug in figures if slug in known],
        span=span,
        is_shared=is_shared,
        now=world.now - timedelta(days=20),
    )
