"""How a service did day by day: tone, words and bars of each. Pure; days are those of the team's zone, as buckets are cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitoring.catalogue.histories import Slice, Total, added
from opsconsole.lib import durations
from opsconsole.lib.periods import midnight
from opsconsole.ui.charts import Bar

SHOWN = 90
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
        if self.total.uptime is None:
            return f"{name}: not measured"
        parts = [per_cent(self.total.uptime)]
        parts += [f"down {durations.words(self.total.down)}"] if self.total.down else []
        parts += [f"slow {durations.words(self.total.slow)}"] if self.total.slow >= 1 else []
        return f"{name}: {', '.join(parts)}, measured {per_cent(self.total.coverage, 0)}"

    def bar(self, *, sparing: bool) -> Bar:
        """With a hover; on lists only where there is something to say, since ninety of each row weigh."""
        return Bar(self.tone, "" if sparing and self.tone == "ok" else self.title)


def per_cent(share: float | None, digits: int = 2) -> str:
    """0.9996 → “99.96 %”; never rounded up to 100."""
    if share is None:
        return "–"
    shown = f"{share * 100:.{digits}f}"
    if share < 1 and float(shown) == 100:
        shown = f"{100 - 10**-digits:.{digits}f}"
    return f"{shown} %"


def tone(day: Total, target: float) -> str:
    """bad below the service's target, look for any outage or much slowness, unknown where less than half was measured."""
    if day.uptime is None:
        return "unknown"
    if day.down:
        return "bad" if day.uptime * 100 < target else "look"
    if day.slow > _SLOW_SHARE * day.length:
        return "look"
    return "ok" if day.coverage >= 0.5 else "unknown"


def days_of(
    slices: Sequence[Slice], *, target: float, now: datetime, zone: ZoneInfo, count: int = SHOWN
) -> list[Day]:
    """The last `count` days up to today, oldest first; days without a slice were not measured."""
    by_start = {piece.start: piece for piece in slices}
    found = []
    for day, start, end in _calendar(now.astimezone(zone).date(), zone, count):
        piece, length = by_start.get(start), (min(end, now) - start).total_seconds()
        whole = Total(piece.up, piece.slow, piece.down, length) if piece else Total(0, 0, 0, length)
        found.append(Day(day, whole, tone(whole, target)))
    return found


def last_days(now: datetime, zone: ZoneInfo, count: int) -> list[date]:
    return [day for day, _, _ in _calendar(now.astimezone(zone).date(), zone, count)]


@lru_cache(maxsize=16)
def _calendar(today: date, zone: ZoneInfo, count: int) -> tuple[tuple[date, datetime, datetime], ...]:
    """Each day with the instants of its start and its end: fifty services on a page have the same ninety days."""
    days = [today - timedelta(days=back) for back in range(count - 1, -2, -1)]
    edges = [midnight(day, zone) for day in days]
    return tuple(zip(days, edges, edges[1:], strict=False))


def first(now: datetime, zone: ZoneInfo, count: int = SHOWN) -> datetime:
    """The instant at which the first of the last `count` days began."""
    return midnight(last_days(now, zone, count)[0], zone)


def together(days: Sequence[Day]) -> Total:
    """All days since the first that was measured; before it nobody asked, which is no gap."""
    begun = next((i for i, day in enumerate(days) if day.total.uptime is not None), len(days))
    return added([day.total for day in days[begun:]])
