"""Small statistics with stated rules."""

from collections.abc import Iterable, Sequence
from math import floor


def quantile(values: Iterable[float], q: float) -> float | None:
    """The q-quantile by linear interpolation between closest ranks (Hyndman & Fan type 7); None of nothing."""
    ordered: Sequence[float] = sorted(values)
    if not ordered:
        return None
    rank = q * (len(ordered) - 1)
    low = floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def median(values: Iterable[float]) -> float | None:
    return quantile(values, 0.5)


def change(value: float | None, before: float | None) -> float | None:
    """Relative change, 0.1 = ten per cent more; None where it says nothing (no value, or nothing before)."""
    if value is None or before is None or before == 0:
        return None
    return (value - before) / abs(before)
