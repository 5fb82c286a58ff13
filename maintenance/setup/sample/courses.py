"""How a series goes over a year: pure, from what it usually is, the hour, and what happened to its service."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi
from random import Random

from maintenance.setup.sample.gauges import Gauge
from maintenance.setup.sample.series import Past
from maintenance.setup.sample.shapes import DRAWS, Shape
from monitoring.metrics import distributions
from monitoring.metrics.rolls import Roll
from monitoring.metrics.states import Kind
from opsconsole.lib.histograms import Histogram

HOUR, PACE = 3_600_000, 60_000  # milliseconds: of an hour, and between two samples
EACH = HOUR // PACE
A_YEAR, FILLS = 365 * 86_400_000, 30 * HOUR
TOSSES, FULL = 997, 91.0


@dataclass
class Course:
    """One series. Times are milliseconds since 1970; `releases` are those of its service, in order."""

    gauge: Gauge
    past: Past
    now: int
    releases: Sequence[int]
    shapes: Sequence[Shape]
    dice: Random
    leak: tuple[int, int] = (0, 0)
    count: float = 0.0  # what a counter has come to

    def __post_init__(self) -> None:
        self._tosses = [self.dice.uniform(-1, 1) for _ in range(TOSSES)]

    def value(self, start: int, end: int) -> float:
        """Its level over [start, end)."""
        gauge = self.gauge
        level = gauge.usual / (1 + gauge.grows * (self.now - start) / A_YEAR)
        if gauge.swings:
            level *= 1 - gauge.swings * cos((start / HOUR % 24 - 3) / 24 * 2 * pi)
        if gauge.leaks:
            level *= 1 + gauge.leaks * self._filled(start)
            level += (FULL - level) * self._leaked(start)
        calm = 0.2 if end - start > PACE else 1  # a mean of many
        level *= 1 + calm * gauge.jitters * self._tosses[start // PACE % TOSSES]
        for share, bad in self._troubles(start, end):
            level += (bad - level) * share
        return round(min(level, gauge.most or level), gauge.digits)

    def _filled(self, at: int) -> float:
        """Since the last release it fills up, and levels off."""
        place = bisect_right(self.releases, at)
        since = at - self.releases[place - 1] if place else FILLS
        return float(min(1.0, since / FILLS) ** 0.5)

    def _leaked(self, at: int) -> float:
        first, last = self.leak
        return (at - first) / (last - first) if first <= at < last else 0.0

    def _troubles(self, start: int, end: int) -> Iterator[tuple[float, float]]:
        for spans, bad in ((self.past.slow, self.gauge.slow), (self.past.down, self.gauge.broken)):
            if bad is not None and (lasted := spans.within(start, end)):
                yield lasted / (end - start), bad

    def roll(self, start: int, end: int) -> Roll:
        """What is kept of the samples in [start, end): one at its beginning, and one every PACE."""
        samples, last_at = max(1, (end - start) // PACE), max(start, end - PACE)
        level = self.value(start, end)
        if self.gauge.kind == Kind.COUNTER:
            return self._counted(level * PACE / 60_000, samples, start, last_at)
        if self.gauge.kind == Kind.DISTRIBUTION:
            return self._observed(level, samples, start, last_at)
        low, high = self._ends(level) if samples > 1 else (level, level)
        return Roll(samples, level * samples, low, high, level, start, level, last_at)

    def _ends(self, level: float) -> tuple[float, float]:
        apart = level * self.gauge.jitters / 2
        return round(level - apart, 3), round(level + apart, 3)

    def _counted(self, step: float, samples: int, start: int, last_at: int) -> Roll:
        step = round(step)
        first = self.count + step
        self.count = last = first + step * (samples - 1)
        return Roll(samples, last - first, first, last, first, start, last, last_at)

    def _observed(self, level: float, samples: int, start: int, last_at: int) -> Roll:
        shape = self.shapes[start // PACE % len(self.shapes)]
        middle = distributions.index(level)
        found = Histogram({middle + step: count * samples for step, count in shape.counts})
        low, high = (distributions.middle(edge) for edge in (min(found), max(found)))
        n = DRAWS * samples
        return Roll(n, level * shape.mean * n, low, high, level, start, level, last_at, found)


def hours_of(course: Course, first: int, last: int) -> dict[int, Roll]:
    """By when they start, in seconds; `first` and `last` are whole hours."""
    return {start // 1000: course.roll(start, start + HOUR) for start in range(first, last, HOUR)}


def minutes_of(course: Course, first: int, now: int) -> dict[int, Roll]:
    """One sample at the beginning of each."""
    return {start // 1000: course.roll(start, start + 1) for start in range(first, now, PACE)}


def moments_of(course: Course, moments: Sequence[datetime]) -> dict[int, Roll]:
    """One sample at each moment."""
    starts = (round(moment.timestamp() * 1000) for moment in moments)
    return {start // 1000: course.roll(start, start + 1) for start in starts}
