# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""All services together, hour by hour.

A service that was well on all of a day, as far as that is folded, was well in each hour of it: those hours need not be read.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitoring.probes.arms import Span, midnights
from monitoring.probes.history import run, slices_sql
from monitoring.probes.models import Size
from monitoring.probes.together import LATEST
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.periods import Period


def services_by_hour(service_ids: Collection[int], period: Period) -> dict[int, tuple[float, float]]:
    """Seconds up and seconds down in each hour of the period that was measured, by its start in seconds since 1970; two queries.

    The period begins and ends with an hour.
    """
    ids = set(service_ids)
    if not ids:
        return {}
    parts = [part for day in _days(period, ids) for part in day.parts(ids)]
    up: Counter[int] = Counter()
    down: Counter[int] = Counter()
    for start, ms_up, ms_down in run(_sums(parts)):
        up[start], down[start] = int(ms_up), int(ms_down)
    for part in parts:
        for hour in range(part.start, part.end, Size.HOUR):
            up[hour] += part.well * Size.HOUR * 1000
    return {hour: (up[hour] / 1000, down[hour] / 1000) for hour in up if up[hour] or down[hour]}


@dataclass(frozen=True)
class Part:
    """Hours [start, end) in seconds since 1970: so many services were well, and of these the buckets are read."""

    start: int
    end: int
    well: int
    read: Collection[int]


@dataclass(frozen=True)
class Day:
    """The hours [start, end) of a day that are wanted, and who was well before `until`."""

    start: int
    end: int
    well: Collection[int]
    until: int

    def parts(self, ids: set[int]) -> list[Part]:
        stop = max(self.start, min(self.end, self.until)) if self.well else self.start
        parts = [
            Part(self.start, stop, len(self.well), ids.difference(self.well)),
            Part(stop, self.end, 0, ids),
        ]
        return [part for part in parts if part.start < part.end]


def _days(period: Period, ids: set[int]) -> Iterator[Day]:
    """An hour belongs to the day that it begins in, also where midnight is at half past."""
    days = list(pairwise(midnights(period.start, period.end, team_zone())))
    well: dict[int, list[tuple[int, int]]] = {start: [] for start, _ in days}
    for service, start, until in run(_well(days)):
        well[start].append((service, until))
    low, high = clock.epoch(period.start), clock.epoch(period.end)
    for start, end in days:
        found = well[start]
        first, last = (moment - moment % -Size.HOUR for moment in (start, end))
        until = min((until for _, until in found), default=start)
        yield Day(max(first, low), min(last, high), ids.intersection(one for one, _ in found), until)


def _well(days: Sequence[tuple[int, int]]) -> str:
    """Services that were well on a day, and until when that is known."""
    lengths = " ".join(f"WHEN {start} THEN {end - start}" for start, end in days)
    starts = ", ".join(str(start) for start, _ in days)
    return (
        f"SELECT d.service_id, d.start, CASE WHEN f.begun = d.start THEN f.until ELSE {LATEST} END"
        " FROM probes_serviceday d CROSS JOIN probes_fold f"
        f" WHERE f.size = {int(Size.DAY)} AND d.start IN ({starts}) AND d.down = 0 AND d.slow = 0 AND d.measured"
        f" = 1000 * CASE WHEN f.begun = d.start THEN f.until - f.begun ELSE CASE d.start {lengths} END END"
    )


def _sums(parts: Sequence[Part]) -> str:
    """Each part is one arm of a union, since its services are its own."""
    arms = " UNION ALL ".join(
        f"SELECT * FROM ({slices_sql('p.service_id', part.read, Span(part.start, part.end), with_latency=False)}) arm"
        for part in parts
        if part.read
    )
    nothing = "SELECT 0 AS slice, 0 AS measured, 0 AS down WHERE 1 = 0"
    return f"SELECT slice, SUM(measured - down), SUM(down) FROM ({arms or nothing}) arms GROUP BY slice"
