"""The times of incidents, defined once: TTD, TTA, TTM, TTR, and how many of them make a figure.

Drills and merged incidents are left out; what the console resolved before anybody acknowledged is counted apart, not as zero;
what still runs is told as “at least”, not left out silently.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from incidents.response.models import Incident, IncidentQuerySet
from incidents.response.states import LIVE, Severity
from opsconsole.lib.durations import words
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period, covered
from opsconsole.lib.stats import median, quantile

MEAN_FROM = 5  # a mean of fewer says more about one incident than about us


class Timed(NamedTuple):
    """What figures need of an incident: a year of them is read at once, and each costs a quarter of an Incident."""

    severity: int
    status: str
    resolved_by_machine: bool
    impact_start: datetime
    detected_at: datetime
    paged_at: datetime | None
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None


@dataclass(frozen=True)
class Time:
    """One of the four. `of` gives a span, or None while (or because) one of its ends is missing."""

    slug: str
    short: str
    title: str
    method: str
    of: Callable[[Timed], timedelta | None]
    since: Callable[[Timed], datetime | None]


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return max(end - start, timedelta()) if start and end else None


TIMES = (
    Time(
        "ttd",
        "TTD",
        "Time to detect",
        "from the start of the impact (set back by hand where people learnt better) to the first failing evidence",
        lambda i: _between(i.impact_start, i.detected_at),
        lambda i: i.impact_start,
    ),
    Time(
        "tta",
        "TTA",
        "Time to acknowledge",
        "from the first page that a provider accepted to the first person who acknowledged",
        lambda i: _between(i.paged_at, i.acknowledged_at),
        lambda i: i.paged_at,
    ),
    Time(
        "ttm",
        "TTM",
        "Time to mitigate",
        "from the start of the impact to its end",
        lambda i: _between(i.impact_start, i.mitigated_at),
        lambda i: i.impact_start,
    ),
    Time(
        "ttr",
        "TTR",
        "Time to resolve",
        "from the first failing evidence to the resolution",
        lambda i: _between(i.detected_at, i.resolved_at),
        lambda i: i.detected_at,
    ),
)
BY_SLUG = {time.slug: time for time in TIMES}


@dataclass(frozen=True)
class Spread:
    """Minutes: median and 90th percentile of n incidents; `mean` only of five and more; None of nothing."""

    n: int
    median: float | None
    p90: float | None
    mean: float | None
    by_machine: int
    running: int
    longest: timedelta | None

    @property
    def median_span(self) -> timedelta | None:
        return _span(self.median)

    @property
    def p90_span(self) -> timedelta | None:
        return _span(self.p90)

    @property
    def mean_span(self) -> timedelta | None:
        return _span(self.mean)

    def says(self) -> str:
        """“Median 4 min, p90 11 min, n = 7; 2 more resolved by the console, counted apart.”"""
        parts = [f"{self.by_machine} more resolved by the console, counted apart"] if self.by_machine else []
        if self.running and self.longest:
            parts.append(f"{self.running} still running, at least {words(self.longest)}")
        return "; ".join([self._figures(), *parts]) + "."

    def _figures(self) -> str:
        if self.median is None or self.p90 is None:
            return "No incident to measure"
        mean = f", mean {_said(self.mean)}" if self.mean is not None else ""
        return f"Median {_said(self.median)}, p90 {_said(self.p90)}{mean}, n = {self.n}"


def _span(minutes: float | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _said(minutes: float) -> str:
    return words(timedelta(minutes=minutes))


def spread(time: Time, incidents: Iterable[Timed], now: datetime) -> Spread:
    """One of the times over incidents, as they stood at `now`."""
    rows = list(incidents)
    by_people = [i for i in rows if not i.resolved_by_machine]
    taken = [time.of(i) for i in by_people]
    spans = [span.total_seconds() / 60 for span in taken if span is not None]
    running = [i for i, span in zip(by_people, taken, strict=True) if span is None and i.status in LIVE]
    waits = [now - since for i in running if (since := time.since(i))]
    return Spread(
        n=len(spans),
        median=median(spans),
        p90=quantile(spans, 0.9),
        mean=sum(spans) / len(spans) if len(spans) >= MEAN_FROM else None,
        by_machine=len(rows) - len(by_people),
        running=len(waits),
        longest=max(waits, default=None),
    )


@dataclass(frozen=True)
class Row:
    """All four of one severity (None for all of them together)."""

    severity: Severity | None
    n: int
    spreads: list[Spread]


def by_severity(incidents: Sequence[Timed], now: datetime) -> list[Row]:
    rows = [(s, [i for i in incidents if i.severity == s]) for s in Severity]
    rows_shown: list[tuple[Severity | None, Sequence[Timed]]] = [(None, incidents), *rows]
    return [Row(s, len(found), [spread(t, found, now) for t in TIMES]) for s, found in rows_shown if found]


@once
def detected_in(period: Period) -> list[Timed]:
    """What figures of a period are made of."""
    rows = Incident.objects.counted().detected_in(period).order_by("number")
    return [Timed._make(row) for row in rows.values_list(*Timed._fields)]


def open_at(moment: datetime) -> IncidentQuerySet:
    """Those that were open at a moment."""
    rows = Incident.objects.counted().filter(opened_at__lte=moment)
    return rows.filter(Q(resolved_at=None) | Q(resolved_at__gt=moment))


def hurt_in(period: Period) -> IncidentQuerySet:
    """Those of which the impact touches a period."""
    rows = Incident.objects.counted().filter(impact_start__lt=period.end)
    return rows.exclude(mitigated_at__lte=period.start)


def hurting(period: Period, now: datetime) -> timedelta:
    """How long at least one incident hurt within a period; overlapping ones count once."""
    past = period.until(now)
    spans = hurt_in(past).values_list("impact_start", "mitigated_at")
    return covered((max(start, past.start), min(over or past.end, past.end)) for start, over in spans)


def _detected(period: Period) -> IncidentQuerySet:
    return Incident.objects.counted().detected_in(period)


def _by_console(period: Period) -> IncidentQuerySet:
    return _detected(period).filter(resolved_by_machine=True)


def _by_people(period: Period) -> IncidentQuerySet:
    return _detected(period).filter(resolved_by_machine=False)


def _open_at_its_end(period: Period) -> IncidentQuerySet:
    return open_at(period.end)


ROWS: dict[str, Callable[[Period], IncidentQuerySet]] = {
    "incidents.opened": _detected,
    "incidents.auto_resolved": _by_console,
    "incidents.open": _open_at_its_end,
    "incidents.impact": hurt_in,
    **{f"incidents.{time.slug}": _by_people for time in TIMES},
}
"""The incidents that each figure of a period is made of."""
