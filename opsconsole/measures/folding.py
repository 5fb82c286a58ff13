"""Days into a week: what a measure was over a span of which only the days' values are left."""

from collections.abc import Sequence
from typing import Protocol

from opsconsole.measures.registry import Fold
from opsconsole.measures.verdicts import Reading


class Day(Protocol):
    """A kept day; a `value` of None is one that could not be read."""

    @property
    def value(self) -> float | None: ...
    @property
    def coverage(self) -> float: ...
    @property
    def n(self) -> int | None: ...


def folded(days: Sequence[Day], expected: int, how: Fold) -> Reading:
    """The reading of a span of `expected` days (at least one), in order, from those that were kept; holes lower its coverage.

    A day on which there was nothing to measure is no hole: a span of such days alone has nothing to measure either.
    """
    measured = [day for day in days if is_known(day)]
    known = [day for day in measured if day.value is not None]
    detail = f"From the values kept of {len(measured)} of {expected} days."
    coverage = min(1.0, sum(day.coverage for day in measured) / expected)
    if not known:
        return Reading(None, coverage, 0 if measured else None, detail=detail)
    counts = [day.n for day in known if day.n is not None]
    return Reading(_value(known, how), coverage, sum(counts) if counts else None, detail=detail)


def is_known(day: Day) -> bool:
    """Whether it was measured, be it that there was nothing to measure."""
    return day.value is not None or (day.n == 0 and day.coverage >= 1)


def _value(days: Sequence[Day], how: Fold) -> float:
    values = [day.value or 0.0 for day in days]
    match how:
        case Fold.SUM:
            return sum(values)
        case Fold.LAST:
            return values[-1]
        case Fold.MEDIAN:
            return _middle(sorted(zip(values, _counts(days), strict=True)))
        case Fold.POOLED:
            return _mean(values, _counts(days))
        case Fold.MEAN:
            return _mean(values, [day.coverage for day in days])


def _counts(days: Sequence[Day]) -> list[float]:
    """Observations of each day; alike for all when some days did not say."""
    counts = [day.n for day in days]
    return [1.0] * len(counts) if None in counts else [float(n or 0) for n in counts]


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    if not total:
        return sum(values) / len(values)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total


def _middle(weighted: Sequence[tuple[float, float]]) -> float:
    """The first value, from the least, at which half of the weight is reached."""
    half, seen = sum(w for _, w in weighted) / 2, 0.0
    for value, weight in weighted:
        seen += weight
        if seen >= half:
            return value
    return weighted[-1][0]
