"""Readers of measures: over a period, per day, and one period against others."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite

from django.db.models import Min

from opsconsole.lib.periods import Period
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Measure, measures
from opsconsole.measures.verdicts import Reading, Verdict

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    measure: Measure
    reading: Reading
    verdict: Verdict

    @property
    def tone(self) -> str:
        """Nothing to measure is neither fine nor unverified: it has no colour."""
        return "" if self.reading.is_nothing else self.verdict.value


def read(slug: str, period: Period) -> Judged:
    """Read a measure over a period. A reader that fails gives unknown, with the reason in the detail; never an exception."""
    measure = measures[slug]
    try:
        reading = _finite(measure.read(period))
    except Exception as error:  # one unreadable figure must not take the page or the report with it
        log.exception("the figure %s could not be read", slug)
        reading = Reading(None, 0, detail=f"It could not be read: {error}")
    return Judged(measure, reading, measure.judge(reading))


def _finite(reading: Reading) -> Reading:
    if reading.value is None or isfinite(reading.value):
        return reading
    return replace(reading, value=None, coverage=0, detail="It gave a value that is not a number.")


def history(slug: str, first: date, last: date) -> list[DailyValue]:
    """The kept values of the days from `first` to `last`, both included, in order; days without a value are absent."""
    return list(DailyValue.objects.filter(measure=slug, day__range=(first, last)).order_by("day"))


def trends(slugs: Collection[str], days: int, today: date) -> dict[str, list[float | None]]:
    """The values of the last `days` whole days before `today`, oldest first; None for each day without one. One query."""
    first = today - timedelta(days=days)
    found = DailyValue.objects.filter(measure__in=slugs, day__range=(first, today - timedelta(days=1)))
    series: dict[str, list[float | None]] = {slug: [None] * days for slug in slugs}
    for slug, day, value in found.order_by().values_list("measure", "day", "value"):
        series[slug][(day - first).days] = value
    return series


def beginnings(slugs: Collection[str]) -> dict[str, date]:
    """The first day of which a value is kept, for those measures that have one; one query."""
    known = DailyValue.objects.filter(measure__in=slugs, value__isnull=False).order_by()
    return dict(known.values_list("measure").annotate(Min("day")))


def kept(slugs: Collection[str], spans: Sequence[tuple[date, date]]) -> dict[str, list[DailyValue]]:
    """The kept days of several measures within any of the spans (first and last day), in order; one query."""
    if not (slugs and spans):
        return {}
    days = {
        first + timedelta(days=n) for first, last in spans for n in range(max(0, (last - first).days + 1))
    }
    found: dict[str, list[DailyValue]] = {}
    for row in DailyValue.objects.filter(measure__in=slugs, day__in=days).order_by("day"):
        found.setdefault(row.measure, []).append(row)
    return found
