"""Ninety days of one heartbeat as bars, from its recorded changes of state. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitoring.catalogue.days import SHOWN, first, last_days
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
        """The share of 1 of the day so far in which it was known how the job does."""
        known = self.down + self.seconds.get(Status.UP, 0)
        return known / sum(self.seconds.values()) if known else 0

    @property
    def bar(self) -> Bar:
        said = f"{self.period.name}: "
        if self.down:
            return Bar("bad", said + f"late or failed for {durations.words(self.down)}")
        up = self.seconds.get(Status.UP, 0)
        unseen = sum(self.seconds.values()) - up
        if up and up >= unseen:
            return Bar("ok")
        return Bar("unknown", f"{said}not measured{f' for {durations.words(unseen)}' if up else ''}")


def days(changes: Iterable[tuple[datetime, str]], before: str, now: datetime, zone: ZoneInfo) -> list[Day]:
    """`changes` are (at, new status) in order; `before` was the status when the first day began."""
    spans = _spans(changes, before, first(now, zone), now)
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
