"""Ninety days of one heartbeat as bars, from its recorded changes of state. Pure.

Time under maintenance is that and nothing else, as it is of probes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitoring.catalogue.days import KEPT, SHOWN, first, last_days
from monitoring.catalogue.maintenance import Spans, parted
from monitoring.catalogue.states import Status
from opsconsole.lib import durations, periods
from opsconsole.lib.periods import Period
from opsconsole.ui.charts import Bar


@dataclass(frozen=True)
class Day:
    """A day, and how many seconds of it the heartbeat spent in which status."""

    period: Period
    seconds: dict[str, float]

    @property
    def down(self) -> float:
        return self.seconds.get(Status.DOWN, 0)

    @property
    def measured(self) -> float:
        """The share of 1 of the day so far, without maintenance, in which it was known how the job does."""
        known = self.down + self.seconds.get(Status.UP, 0)
        return known / (sum(self.seconds.values()) - self.kept) if known else 0

    @property
    def kept(self) -> float:
        """Under maintenance."""
        return self.seconds.get(Status.MAINTENANCE, 0)

    @property
    def bar(self) -> Bar:
        tone, said = self._told()
        kept = f"maintenance {durations.words(self.kept)}" if self.kept >= 1 else ""
        if kept and not self.measured:
            return Bar("maintained", f"{self.period.name}: {kept}, nothing else measured")
        words = ", ".join(filter(None, (said, kept)))
        if tone == "ok" and self.kept >= KEPT:
            tone = "maintained"
        return Bar(tone, f"{self.period.name}: {words}" if words else "")

    def _told(self) -> tuple[str, str]:
        """Tone and words of what was not under maintenance."""
        if self.down:
            return "bad", f"late or failed for {durations.words(self.down)}"
        up = self.seconds.get(Status.UP, 0)
        unseen = sum(self.seconds.values()) - self.kept - up
        if up and up >= unseen:
            return "ok", ""
        return "unknown", f"not measured for {durations.words(unseen)}" if up else "not measured"


def days(
    changes: Iterable[tuple[datetime, str]],
    before: str,
    now: datetime,
    zone: ZoneInfo,
    kept: Spans | None = None,
) -> list[Day]:
    """`changes` are (at, new status) in order; `before` was the status when the first day began; `kept` is when it was maintained."""
    spans = [
        (start, end, Status.MAINTENANCE if maintained else status)
        for since, until, status in _spans(changes, before, first(now, zone), now)
        for start, end, maintained in parted(since, until, kept or [])
    ]
    shown = [periods.days(day, 1, zone, f"{day.day} {day:%b}") for day in last_days(now, zone, SHOWN)]
    return [Day(period, _within(spans, period)) for period in shown]


def _spans(
    changes: Iterable[tuple[datetime, str]], status: str, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, str]]:
    spans, since = [], start
    for at, new in changes:
        at = min(max(at, since), end)  # noqa: PLW2901 — a clock that was set back must not count a span twice
        spans.append((since, at, status))
        since, status = at, new
    return [*spans, (since, end, status)]


def _within(spans: Sequence[tuple[datetime, datetime, str]], period: Period) -> dict[str, float]:
    total: Counter[str] = Counter()
    for start, end, status in spans:
        inside = (min(end, period.end) - max(start, period.start)).total_seconds()
        if inside > 0:
            total[status] += int(inside)
    return dict(total)
