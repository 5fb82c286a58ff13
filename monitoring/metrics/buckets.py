"""Prometheus' classic histograms: buckets that only grow, read as mergeable histograms by how much they grew. Pure.

What is in a bucket is spread over it evenly, as Prometheus' histogram_quantile does; what is above the highest bound counts as
that bound.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

from monitoring.metrics import distributions
from monitoring.metrics.rolls import Roll
from opsconsole.lib.histograms import Histogram

_MOST = 2**53
Part = tuple[float, float, int]
"""From, to, and how many."""


class Buckets(NamedTuple):
    """One reading. `bounds` rise to infinity, `counts` are of all up to each; `total` is the sum, None where it is not told."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float | None = None

    @property
    def n(self) -> int:
        return self.counts[-1]


def made(counts: Mapping[float, float], total: float | None) -> Buckets | None:
    """Buckets by their bound; None where they tell nothing: without the infinite one, with that alone, or with no whole numbers.

    An exporter that is asked while it counts may say less of a wider bucket: it holds what the narrower ones hold.
    """
    bounds = tuple(sorted(counts))
    if len(bounds) < 2 or bounds[-1] != inf or max(counts.values()) > _MOST:
        return None
    return Buckets(bounds, tuple(accumulate((max(0, round(counts[b])) for b in bounds), max)), total)


def grown(before: Buckets, now: Buckets) -> Buckets | None:
    """What was observed between two readings, in the buckets that both have. What fell was started anew, at zero."""
    old = dict(zip(before.bounds, before.counts, strict=True))
    growth = {
        bound: count - old[bound] for bound, count in zip(now.bounds, now.counts, strict=True) if bound in old
    }
    if any(n < 0 for n in growth.values()):
        return now
    return made(growth, None if now.total is None or before.total is None else now.total - before.total)


def roll_of(buckets: Buckets, at: int) -> Roll | None:
    """As one roll at a moment in milliseconds; None where nothing was observed. Without a sum each bucket's middle counts."""
    found = [part for part in _parts(buckets) if part[2]]
    if not found:
        return None
    total = buckets.total
    if total is None:
        total = sum(n * (low + high) / 2 for low, high, n in found)
    histogram = Histogram()
    for part in found:
        for index, n in _spread(*part):
            histogram[index] += n
    mean = total / buckets.n
    return Roll(buckets.n, total, found[0][0], found[-1][1], mean, at, mean, at, histogram)


def _parts(buckets: Buckets) -> Iterator[Part]:
    """The lowest bucket begins at zero, or is its bound where that is below; the infinite one is the bound before it."""
    finite = buckets.bounds[:-1]
    lows, highs = (min(0.0, finite[0]), *finite), (*finite, finite[-1])
    counts = (b - a for a, b in pairwise((0, *buckets.counts)))
    yield from zip(lows, highs, counts, strict=True)


def _spread(low: float, high: float, n: int) -> Iterator[tuple[int, int]]:
    """How many fall into which index, from the highest down, until none is left."""
    index, last = distributions.index(high), distributions.index(low)
    left = n
    while left and index > last:
        share = min(1.0, max(0.0, (_floor(index) - low) / (high - low)))
        below = min(left, round(n * share))
        if below < left:
            yield index, left - below
        left, index = below, index - 1
    if left:
        yield last, left


@lru_cache(maxsize=2000)
def _floor(index: int) -> float:
    return distributions.floor_of(index)
