"""Readers of what was kept: the days of several measures, light enough for a year of forty of them."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from opsconsole.measures.models import DailyValue


class Kept(NamedTuple):
    """A measure's day as it was kept; without a value it could not be read, or there was nothing to measure."""

    day: date
    value: float | None
    coverage: float
    n: int | None
    verdict: str


def kept(slugs: Collection[str], first: date, last: date) -> dict[str, list[Kept]]:
    """The days from `first` to `last`, both included, by measure and in order; one query."""
    found: dict[str, list[Kept]] = {slug: [] for slug in slugs}
    rows = DailyValue.objects.filter(measure__in=slugs, day__range=(first, last)).order_by("measure", "day")
    for slug, *day in rows.values_list("measure", *Kept._fields):
        found[slug].append(Kept(*day))
    return found


def newest(slugs: Collection[str], day: date) -> dict[str, str]:
    """The verdicts of one day, for those measures of which it was kept; one query."""
    rows = DailyValue.objects.filter(measure__in=slugs, day=day)
    return dict(rows.order_by().values_list("measure", "verdict"))
