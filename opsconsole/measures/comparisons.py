"""A measure over one period against the same span one week, four weeks and fifty-two weeks earlier.

A value of an old period comes from the raw rows where they still tell it, and from the days kept where they no longer do.
A week that still runs is held against the same part of the earlier ones.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from opsconsole.accounts.selectors import team
from opsconsole.lib import periods, stats
from opsconsole.lib.figures import fitting
from opsconsole.lib.periods import Period, Week
from opsconsole.measures import selectors
from opsconsole.measures.folding import folded
from opsconsole.measures.registry import Measure, measures
from opsconsole.measures.selectors import Judged
from opsconsole.measures.verdicts import Reading, Verdict


@dataclass(frozen=True)
class Against:
    """An earlier period and the change since: absolute in the measure's unit, relative as a share; `better` in its direction.

    Where there is nothing to compare with, `missing` says why (“no data before May 2026”).
    """

    period: Period
    reading: Reading
    delta: float | None = None
    relative: float | None = None
    better: bool | None = None
    missing: str = ""


@dataclass(frozen=True)
class Compared:
    """A measure over a period, and what it is held against."""

    judged: Judged
    period: Period
    previous: Against
    last_month: Against
    last_year: Against


@dataclass(frozen=True)
class Lately:
    """A measure over the last days, and over as many before."""

    judged: Judged
    period: Period
    before: Against

    @property
    def tone(self) -> str:
        return tone(self.judged, self.before)


def tone(judged: Judged, against: Against) -> str:
    """Colour is kept for what matters: green for better; worse takes the verdict's, and none while within target."""
    if against.better is None:
        return ""
    if against.better:
        return Verdict.OK.value
    if judged.measure.rule.target is None:
        return Verdict.LOOK.value
    return judged.verdict.value if judged.verdict in (Verdict.LOOK, Verdict.BAD) else ""


def comparisons(slugs: Collection[str], week: Week, zone: ZoneInfo, now: datetime) -> dict[str, Compared]:
    """The weeks of several measures, of a week that still runs its part until `now`: two queries for all, and what the measures ask."""
    period = week.period(zone).until(now)
    earlier = periods.compared(week, zone)
    spans = [
        _cut(span, period, week, zone) for span in (earlier.previous, earlier.last_month, earlier.last_year)
    ]
    past = _Past(slugs, spans, zone)
    return {slug: _compared(measures[slug], period, spans, past) for slug in slugs}


def last_week(slugs: Collection[str], zone: ZoneInfo, now: datetime) -> dict[str, Lately]:
    """The last seven days of several measures, and the seven before them."""
    return _lately(slugs, timedelta(days=7), "7 days", zone, now)


def last_day(slugs: Collection[str], zone: ZoneInfo, now: datetime) -> dict[str, Lately]:
    """The last 24 hours of several measures, and the 24 before them."""
    return _lately(slugs, timedelta(hours=24), "24 hours", zone, now)


def _lately(
    slugs: Collection[str], length: timedelta, name: str, zone: ZoneInfo, now: datetime
) -> dict[str, Lately]:
    period = Period(now - length, now, f"the last {name}")
    before = Period(now - 2 * length, now - length, f"the {name} before")
    past = _Past(slugs, [before], zone)
    judged = {slug: selectors.read(slug, period) for slug in slugs}
    return {slug: Lately(found, period, _against(found, before, past)) for slug, found in judged.items()}


def _cut(span: Period, running: Period, week: Week, zone: ZoneInfo) -> Period:
    """As much of an earlier week as has passed of this one."""
    if running.end == week.period(zone).end:
        return span
    return Period(span.start, min(span.end, span.start + (running.end - running.start)), span.name, span.zone)


class _Past:
    """What is kept of earlier periods, fetched once for all measures."""

    def __init__(self, slugs: Collection[str], spans: list[Period], zone: ZoneInfo) -> None:
        self.zone = zone
        self.days = selectors.kept(slugs, [self._days(span) for span in spans])
        self.began = selectors.beginnings(slugs)
        found = team()
        self.founded = found.created_at.astimezone(zone).date() if found else None

    def reading(self, measure: Measure, span: Period) -> Reading:
        """From the raw rows; where those tell nothing, from the days."""
        judged = selectors.read(measure.slug, span)
        believed = bool(judged.reading.n) or self._has_begun(measure.slug, span)
        if believed and judged.verdict != Verdict.UNKNOWN:
            return judged.reading
        from_days = self._folded(measure, span)
        if from_days.value is None and believed and judged.reading.is_nothing:
            return judged.reading
        return from_days

    def missing(self, measure: Measure, span: Period) -> str:
        began = self.began.get(measure.slug) or self.founded
        if began and span.end <= periods.midnight(began, self.zone):
            return f"no data before {began:%B %Y}"
        return "not measured then"

    def _folded(self, measure: Measure, span: Period) -> Reading:
        first, last = self._days(span)
        days = [row for row in self.days.get(measure.slug, []) if first <= row.day <= last]
        if not days:
            return Reading(None, 0)
        url = f"{reverse('measures:detail', args=[measure.slug])}?from={first}&to={last}"
        return replace(folded(days, (last - first).days + 1, measure.fold), evidence_url=url)

    def _has_begun(self, slug: str, span: Period) -> bool:
        """Before there was anything to count, a count of nothing says nothing."""
        began = min(filter(None, (self.began.get(slug), self.founded)), default=None)
        return began is None or span.end > periods.midnight(began, self.zone)

    def _days(self, span: Period) -> tuple[date, date]:
        """The whole days within a span; the last before the first when there is none."""
        first = span.start.astimezone(self.zone).date()
        if periods.midnight(first, self.zone) < span.start:
            first += timedelta(days=1)
        return first, span.end.astimezone(self.zone).date() - timedelta(days=1)


def _compared(measure: Measure, period: Period, spans: list[Period], past: _Past) -> Compared:
    judged = selectors.read(measure.slug, period)
    previous, month, year = (_against(judged, span, past) for span in spans)
    return Compared(judged, period, previous, month, year)


def _against(judged: Judged, span: Period, past: _Past) -> Against:
    before = past.reading(judged.measure, span)
    missing = past.missing(judged.measure, span) if before.value is None else ""
    return held_against(judged, span, before, missing)


def held_against(judged: Judged, span: Period, before: Reading, missing: str) -> Against:
    """What is judged beside a reading of an earlier span; `missing` says why that has no value, should it have none."""
    measure, now = judged.measure, judged.reading.value
    if before.value is None:
        return Against(span, before, missing="nothing to measure then" if before.is_nothing else missing)
    if now is None:
        return Against(span, before)
    # Of the values as they are shown, so that nobody finds a difference between two equal numbers.
    digits = max(fitting(now), fitting(before.value)) if measure.digits is None else measure.digits
    delta = round(round(now, digits) - round(before.value, digits), digits)
    better = measure.rule.is_better(now, before.value) if delta else None
    return Against(span, before, delta, stats.change(now, before.value), better)
