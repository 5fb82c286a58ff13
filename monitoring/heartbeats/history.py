"""Ninety days of one heartbeat as bars, from its recorded changes of state. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitoring.catalogue.states import Status
from opsconsole.lib import durations
from opsconsole.lib.periods import Period, midnight
from opsconsole.ui.charts import Bar

SHOWN = 90


@dataclass(frozen=True)
class Day:
    """A day, and how many seconds of it the heartbeat spent in which status."""

    period: Period
    seconds: dict[str, float]

    @property
    def down(self) -> float:
        return self.seconds.get(Status.DOWN, 0)

    @property
    def bar(self) -> Bar:
        said = f"{self.period.name}: "
        if self.down:
            return Bar("bad", said + f"late or failed for {durations.words(self.down)}")
        if self.seconds.get(Status.UP):
            return Bar("ok")
        return Bar("unknown", said + "not measured")


def first(now: datetime, zone: ZoneInfo) -> datetime:
    """When the oldest of the days shown begins."""
    return midnight(now.astimezone(zone).date() - timedelta(days=SHOWN - 1), zone)


def days(changes: Iterable[tuple[datetime, str]], before: str, now: datetime, zone: ZoneInfo) -> list[Day]:
    """`changes` are (at, new status) in order; `before` was the status when the first day began."""
    spans = _spans(changes, before, first(now, zone), now)
    today = now.astimezone(zone).date()
    shown = (today - timedelta(days=SHOWN - 1 - n) for n in range(SHOWN))
    periods = [
        Period(midnight(d, zone), midnight(d + timedelta(days=1), zone), f"{d.day} {d:%b}") for d in shown
    ]
    return [Day(period, _within(spans, period)) for period in periods]


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
