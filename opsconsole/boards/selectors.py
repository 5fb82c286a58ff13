"""Readers of boards, and of the days of several measures, light enough for a year of forty of them."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from opsconsole.accounts.models import User
from opsconsole.boards import order
from opsconsole.boards.models import Arrangement, Board
from opsconsole.boards.order import Placed
from opsconsole.boards.shipped import SHIPPED, Shipped
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures

AnyBoard = Shipped | Board


class Kept(NamedTuple):
    """A measure's day as it was kept; without a value it could not be read, or there was nothing to measure."""

    day: date
    value: float | None
    coverage: float
    n: int | None
    verdict: str


_day = lru_cache(maxsize=2000)(date.fromisoformat)


def kept(slugs: Collection[str], first: date, last: date) -> dict[str, list[Kept]]:
    """The days from `first` to `last`, both included, by measure and in order; one query.

    Days come as text: of many measures they are the same few, and to make each anew took half of the time.
    """
    found: dict[str, list[Kept]] = {slug: [] for slug in slugs}
    rows = DailyValue.objects.filter(measure__in=slugs, day__range=(first, last)).order_by("measure", "day")
    columns = ("measure", Cast("day", TextField()), "value", "coverage", "n", "verdict")
    for slug, day, *rest in rows.values_list(*columns):
        found[slug].append(Kept(_day(day), *rest))
    return found


def newest(slugs: Collection[str], day: date) -> dict[str, str]:
    """The verdicts of one day, for those measures of which it was kept; one query."""
    rows = DailyValue.objects.filter(measure__in=slugs, day=day)
    return dict(rows.order_by().values_list("measure", "verdict"))


def find(slug: str, user: User) -> AnyBoard | None:
    """A board that this person may see."""
    return SHIPPED.get(slug) or Board.objects.seen_by(user).filter(slug=slug).first()


def own(user: User) -> list[Board]:
    """Their boards, and those that others share."""
    return list(Board.objects.seen_by(user))


def arranged(board: AnyBoard, user: User) -> list[Placed]:
    """Its tiles as this person has them, those of figures that are defined no more left out; one query."""
    row = Arrangement.objects.filter(user=user, board=board.slug).first()
    return order.placed(defined(board), row.tiles if row else [])


def defined(board: AnyBoard) -> list[str]:
    """All are asked for at once: some are families in the database, one query each."""
    known = {slug for slug, _ in measures.items()}
    return [slug for slug in board.figures if slug in known]
