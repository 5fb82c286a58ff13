"""Observations of any size in a logarithmic histogram: each is right to 4.5 per cent, and merging is exact.

The text is that of `opsconsole.lib.histograms`; the indices differ, since seconds and euros lie below one and differences below
zero. Index 0 is zero, positive values have positive indices, negative ones the same with a minus: order stays order.
"""

from collections.abc import Iterable, Mapping
from math import floor, log

from opsconsole.lib.histograms import Histogram

_STEP = log(2) / 8
_MIDDLE = 321  # the index of 1; what is nearer to zero than 2^-40 counts as that, what is beyond 2^40 as that


def index(value: float) -> int:
    if value == 0:
        return 0
    size = min(2 * _MIDDLE - 1, max(1, _MIDDLE + floor(log(abs(value)) / _STEP)))
    return size if value > 0 else -size


def of(values: Iterable[float]) -> Histogram:
    return Histogram(map(index, values))


def middle(i: int) -> float:
    """The geometric middle of a bucket."""
    if not i:
        return 0.0
    size = float(2 ** ((abs(i) - _MIDDLE + 0.5) / 8))
    return size if i > 0 else -size


def floor_of(i: int) -> float:
    """Where a bucket begins, which is where the one below it ends."""
    if i > 0:
        return float(2 ** ((i - _MIDDLE) / 8))
    return -float(2 ** ((1 - i - _MIDDLE) / 8))


def quantile(histogram: Mapping[int, int], q: float, low: float, high: float) -> float | None:
    """The q-quantile, never outside of what was seen (`low` to `high`); None of nothing."""
    wanted, seen = q * (sum(histogram.values()) - 1), 0
    for i in sorted(histogram):
        seen += histogram[i]
        if seen > wanted:
            return min(high, max(low, middle(i)))
    return None
