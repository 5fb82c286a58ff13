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
    end: str
    day: int = 0


def _mark(size: Size, expression: str, otherwise: str | int) -> str:
    """An expression of the columns `until` and `begun` of a mark, or something else as long as nothing was folded into its size."""
    known = " AND begun > 0" if size == Size.DAY else ""
    return f"COALESCE((SELECT {expression} FROM probes_fold WHERE size = {int(size)}{known}), {otherwise})"


def hours_until(least: int) -> str:
    """Where hours end, but not before `least`: from there on minutes count."""
    return _mark(Size.HOUR, f"CASE WHEN until > {least} THEN until ELSE {least} END", least)


@dataclass(frozen=True)
class Span:
    """[start, end) in seconds since 1970; `midnights` of the team's zone cut it into days, where days are asked for."""

    start: int
    end: int
    midnights: tuple[int, ...] = ()

    @classmethod
    def of(cls, start: datetime, end: datetime, step: Step) -> "Span":
        low, high = clock.epoch(start), clock.epoch(end)
        return cls(low, high, tuple(midnights(start, end, team_zone())) if step == "day" else ())

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
    def whole(self) -> list[Arm]:
        """The slices that are one bucket of each probe: days that are whole, inside and folded; or hours, where those are asked for."""
        if not self.midnights:
            return [Arm(Size.HOUR, "b.start", str(self.start), self._hours_whole)]
        first, last = self._whole
        end = _mark(Size.DAY, f"CASE WHEN begun < {last} THEN begun ELSE {last} END", first)
        return [Arm(Size.DAY, "b.start", str(first), end)] if first < last else []

    @property
    def rest(self) -> list[Arm]:
        """What is left: parts of days at either end, the day that is going on, and days that are not folded yet."""
        first, last = self._whole
        begun = str(self.start) if self.midnights else self._hours_whole
        arms = self._end(self.start, first, begun) if self.start < first else []
        if first < self.end:
            arms.append(self._going_on(first))
        if first < last:
            start = (
                f"CASE WHEN until > {self.end} THEN {last} WHEN begun >= {first} THEN until ELSE {first} END"
            )
            arms += _hours_and_minutes(first, last, _mark(Size.DAY, start, first), self._slice(first, last))
        if last < self.end:
            start = f"CASE WHEN {self._holds(first)} AND until > {last} THEN until ELSE {last} END"
            arms += self._end(last, self.end, _mark(Size.DAY, start, last))
        return arms

    @property
    def _hours_whole(self) -> str:
        """Where hours end of which every minute is folded; behind it, hours and minutes count together."""
        until = "until - until % 3600"
        within = f"CASE WHEN {until} > {self.end} THEN {self.end} WHEN {until} > {self.start} THEN {until} ELSE {self.start} END"
        return _mark(Size.HOUR, within, self.start)

    def _going_on(self, first: int) -> Arm:
        """The bucket of the day that is going on, where all that it holds is inside; hours follow from there on."""
        start = f"CASE WHEN {self._holds(first)} THEN begun ELSE {self.end} END"
        return Arm(Size.DAY, "b.start", _mark(Size.DAY, start, self.end), str(self.end))

    def _holds(self, first: int) -> str:
        return f"begun >= {first} AND until <= {self.end}"

    def _end(self, start: int, end: int, hours: str) -> list[Arm]:
        """A part of a day, or everything where no days are asked for; hours count from `hours` on."""
        inside = slice(bisect_right(self.midnights, start) - 1, bisect_left(self.midnights, end) + 1)
        days = self.midnights[inside] if self.midnights else ()
        length = days[1] - days[0] if len(days) == 2 else 0
        return _hours_and_minutes(start, end, hours, self._slice(start, end), length)

    def _slice(self, start: int, end: int) -> str:
        """Which slice a bucket that starts within [start, end) belongs to: the day or the hour that its start lies in."""
        if not self.midnights:
            return "b.start - b.start % 3600"
        days = self.midnights[bisect_right(self.midnights, start) - 1 : bisect_left(self.midnights, end)]
        cases = " ".join(f"WHEN b.start >= {m} THEN {m}" for m in reversed(days[1:]))
        return f"CASE {cases} ELSE {days[0]} END" if cases else str(days[0])


def _hours_and_minutes(start: int, end: int, hours: str, part: str, day: int = 0) -> list[Arm]:
    return [
        Arm(Size.HOUR, part, hours, str(end), day),
        Arm(Size.MINUTE, part, hours_until(start), str(end), day),
    ]


def midnights(start: datetime, end: datetime, where: ZoneInfo) -> Iterator[int]:
    """The midnight at or before `start`, and every one up to the first after `end`."""
    day = start.astimezone(where).date()
    while (at := midnight(day, where)) <= end:
        yield clock.epoch(at)
        day += timedelta(days=1)
    yield clock.epoch(at)
