"""How a service did day by day: tone, words and bars of each. Pure; days are those of the team's zone, as buckets are cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitoring.catalogue.histories import Slice, Total, added, spent
from opsconsole.lib import durations
from opsconsole.lib.figures import per_cent
from opsconsole.lib.periods import midnight
from opsconsole.ui.charts import Bar

SHOWN = 90
KEPT = 60  # seconds of maintenance, from which on it is worth a colour
_SLOW_SHARE = 0.05  # of a day, from which on slowness is worth a colour


@dataclass(frozen=True)
class Day:
    """One day of a service: its total, its tone, and the sentence of a hover."""

    day: date
    total: Total
    tone: str

    @property
    def title(self) -> str:
        name = f"{self.day.day} {self.day:%b}"
        kept = (
            [f"maintenance {durations.words(self.total.maintenance)}"] if self.total.maintenance >= 1 else []
        )
        if self.total.uptime is None:
            if kept:
                return f"{name}: {kept[0]}, nothing else measured"
            return f"{name}: not measured" if self.total.length else f"{name}: not watched yet"
        parts = [per_cent(self.total.uptime)]
        parts += [f"down {durations.words(self.total.down)}"] if self.total.down else []
        parts += [f"slow {durations.words(self.total.slow)}"] if self.total.slow >= 1 else []
        return f"{name}: {', '.join(parts + kept)}, measured {per_cent(self.total.coverage, 0)}"

    def bar(self, *, sparing: bool) -> Bar:
        """With a hover; on lists only where there is something to say, since ninety of each row weigh."""
        return Bar(self.tone, "" if sparing and self.tone in ("ok", "before") else self.title)


def tone(day: Total, target: float) -> str:
    """bad below the service's target, look for any outage or much slowness, unknown where less than half was measured, and
    maintained where nothing was worse than that.

    “before” is a day before anybody watched.
    """
    uptime = day.uptime
    if uptime is None:
        if day.maintenance:
            return "maintained"
        return "unknown" if day.length else "before"
    if day.down:
        return "bad" if uptime * 100 < target else "look"
    if day.slow > _SLOW_SHARE * day.length:
        return "look"
    if day.coverage < 0.5:
        return "unknown"
    return "maintained" if day.maintenance >= KEPT else "ok"


def days_of(
    slices: Sequence[Slice],
    *,
    target: float,
    now: datetime,
    zone: ZoneInfo,
    count: int = SHOWN,
    begun: datetime | None = None,
) -> list[Day]:
    """The last `count` days up to today, oldest first; days without a slice were not measured.

    `begun` is when somebody began to watch: the time before is no gap. What was measured earlier (imported, say) still counts.
    """
    by_start = {piece.start: piece for piece in slices}
    begun = watched_since(begun, by_start)
    found = []
    for day, start, end in _calendar(now.astimezone(zone).date(), zone, count):
        whole = spent(by_start.get(start), seconds_watched(start, min(end, now), begun))
        found.append(Day(day, whole, tone(whole, target)))
    return found


def watched_since(begun: datetime | None, measured: Iterable[datetime]) -> datetime | None:
    """`begun`, unless something was measured well before it."""
    first = min(measured, default=None)
    return None if begun is None or (first and first < begun - timedelta(days=1)) else begun


def seconds_watched(start: datetime, end: datetime, begun: datetime | None) -> float:
    """The part of [start, end) in which somebody watched."""
    return max(0.0, (end - (max(start, begun) if begun else start)).total_seconds())


def last_days(now: datetime, zone: ZoneInfo, count: int) -> list[date]:
    return [day for day, _, _ in _calendar(now.astimezone(zone).date(), zone, count)]


@lru_cache(maxsize=16)
def _calendar(today: date, zone: ZoneInfo, count: int) -> tuple[tuple[date, datetime, datetime], ...]:
    """Each day with the instants of its start and its end: fifty services on a page have the same ninety days."""
    days = [today - timedelta(days=back) for back in range(count - 1, -2, -1)]
    edges = [midnight(day, zone) for day in days]
    return tuple(zip(days, edges, edges[1:], strict=False))


def first(now: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the first of the days shown began."""
    return midnight(last_days(now, zone, SHOWN)[0], zone)


def together(days: Sequence[Day]) -> Total:
    """All days since the first that was measured; before it nobody asked, which is no gap."""
    begun = next(
        (i for i, day in enumerate(days) if day.total.uptime is not None or day.total.maintenance), len(days)
    )
    return added([day.total for day in days[begun:]])
