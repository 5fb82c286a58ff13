# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""Which buckets a span of time is read from: each moment is in exactly one arm, as far as buckets are folded.

An arm is one range of the key, in expressions of SQL, since how far they are folded is read in the same statement.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitoring.catalogue.histories import Step
from monitoring.probes.models import Size
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.periods import midnight


@dataclass(frozen=True)
class Arm:
    """Buckets of one size with a start in [start, end), and the slice that each belongs to; expressions of SQL.

    Each arm is one range of the key: a condition of several ranges would be read from the first to the last.
    `day` is set where it lies within one day: the length of that, in seconds.
    """

    size: Size
    slice: str
    start: str
    end: int
    day: int = 0


def folded_until(size: Size, least: str) -> str:
    """Where buckets of `size` end, but not before `least`: from there on the smaller ones count."""
    until = f"SELECT CASE WHEN until > {least} THEN until ELSE {least} END FROM probes_fold WHERE size = {int(size)}"
    return f"COALESCE(({until}), {least})"


@dataclass(frozen=True)
class Span:
    """[start, end) in seconds since 1970; `midnights` of the team's zone cut it into days, where days are asked for."""

    start: int
    end: int
    midnights: tuple[int, ...] = ()

    @classmethod
    def of(cls, start: datetime, end: datetime, step: Step) -> "Span":
        low, high = clock.epoch(start), clock.epoch(end)
        return cls(low, high, tuple(_midnights(start, end, team_zone())) if step == "day" else ())

    def length(self, slice_start: int) -> float:
        if not self.midnights:
            return 3600.0
        stop = next((m for m in self.midnights if m > slice_start), self.end)
        return float(min(stop, self.end) - max(slice_start, self.start))

    @property
    def _whole(self) -> tuple[int, int]:
        """The first and the last midnight inside: between them there are whole days."""
        inside = [m for m in self.midnights if self.start <= m <= self.end]
        return (inside[0], inside[-1]) if inside else (self.end, self.end)

    @property
    def days(self) -> list[Arm]:
        """The whole days as far as they are folded."""
        first, last = self._whole
        return [Arm(Size.DAY, "b.start", str(first), last)] if first < last else []

    @property
    def rest(self) -> list[Arm]:
        """Hours and minutes: of what is left of a day at either end, and of whole days that are not folded yet."""
        first, last = self._whole
        ends = [self._end(a, b) for a, b in ((self.start, first), (last, self.end)) if a < b]
        within = (
            [(folded_until(Size.DAY, str(first)), last, self._slice(first, last), 0)] if first < last else []
        )
        return [arm for part in (*ends, *within) for arm in _hours_and_minutes(*part)]

    def _end(self, start: int, end: int) -> tuple[str, int, str, int]:
        inside = slice(bisect_right(self.midnights, start) - 1, bisect_left(self.midnights, end) + 1)
        days = self.midnights[inside] if self.midnights else ()
        return str(start), end, self._slice(start, end), days[1] - days[0] if len(days) == 2 else 0

    def _slice(self, start: int, end: int) -> str:
        """Which slice a bucket that starts within [start, end) belongs to: the day or the hour that its start lies in."""
        if not self.midnights:
            return "b.start - b.start % 3600"
        days = self.midnights[bisect_right(self.midnights, start) - 1 : bisect_left(self.midnights, end)]
        cases = " ".join(f"WHEN b.start >= {m} THEN {m}" for m in reversed(days[1:]))
        return f"CASE {cases} ELSE {days[0]} END" if cases else str(days[0])


def _hours_and_minutes(start: str, end: int, part: str, day: int) -> list[Arm]:
    return [
        Arm(Size.HOUR, part, start, end, day),
        Arm(Size.MINUTE, part, folded_until(Size.HOUR, start), end, day),
    ]


def _midnights(start: datetime, end: datetime, where: ZoneInfo) -> Iterator[int]:
    """The midnight at or before `start`, and every one up to the first after `end`."""
    day = start.astimezone(where).date()
    while (at := midnight(day, where)) <= end:
        yield clock.epoch(at)
        day += timedelta(days=1)
    yield clock.epoch(at)
