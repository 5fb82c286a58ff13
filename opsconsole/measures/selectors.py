"""Readers of measures."""

from dataclasses import dataclass
from datetime import date

from opsconsole.lib.periods import Period
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Measure, measures
from opsconsole.measures.verdicts import Reading, Verdict


@dataclass(frozen=True)
class Judged:
    measure: Measure
    reading: Reading
    verdict: Verdict


def read(slug: str, period: Period) -> Judged:
    """Read a measure over a period. A reader that fails gives unknown, with the reason in the detail; never an exception."""
    measure = measures[slug]
    try:
        reading = measure.read(period)
    except Exception as error:  # noqa: BLE001 — one unreadable figure must not take the page or the report with it
        reading = Reading(None, 0, detail=f"It could not be read: {error}")
    return Judged(measure, reading, measure.judge(reading))


def history(slug: str, first: date, last: date) -> list[DailyValue]:
    """The kept values of the days from `first` to `last`, both included, in order; days without a value are absent."""
    return list(DailyValue.objects.filter(measure=slug, day__range=(first, last)).order_by("day"))
