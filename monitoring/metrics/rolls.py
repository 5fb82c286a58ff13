"""What is kept of the samples of a span: pure, and the same whatever their order and however they came in batches."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from monitoring.metrics import distributions
from monitoring.metrics.states import Kind, Statistic, quantile_of
from opsconsole.lib.histograms import Histogram, add

NOTHING = Histogram()
"""Of what is no distribution; nobody changes it."""


class Roll(NamedTuple):
    """Samples of a span. `first` and `last` are by time, in milliseconds since 1970.

    `total` is the sum of the values; of a counter by how much it grew. The histogram is empty but of distributions.
    """

    n: int
    total: float
    low: float
    high: float
    first: float
    first_at: int
    last: float
    last_at: int
    histogram: Histogram = NOTHING

    @property
    def mean(self) -> float:
        return self.total / self.n

    def figure(self, statistic: str) -> float | None:
        q = quantile_of(statistic)
        if q is not None:
            return distributions.quantile(self.histogram, q, self.low, self.high)
        return {Statistic.LAST: self.last, Statistic.RISE: self.total}.get(Statistic(statistic), self.mean)


def of(kind: str, samples: Sequence[tuple[int, float]]) -> Roll:
    """Samples (milliseconds, value) of one minute, in any order, at least one."""
    if len(samples) == 1 and kind != Kind.DISTRIBUTION:  # nearly always
        at, value = samples[0]
        return Roll(1, 0.0 if kind == Kind.COUNTER else value, value, value, value, at, value, at)
    (first_at, first), (last_at, last) = min(samples), max(samples)
    values = [value for _, value in samples]
    total = grown(first, last) if kind == Kind.COUNTER else sum(values)
    counted = distributions.of(values) if kind == Kind.DISTRIBUTION else NOTHING
    return Roll(len(values), total, min(values), max(values), first, first_at, last, last_at, counted)


def mixed(kind: str, one: Roll, other: Roll) -> Roll:
    """Two parts of the samples of one minute. Of a counter only the ends of a minute are known."""
    begin = one if (one.first_at, one.first) <= (other.first_at, other.first) else other
    end = one if (one.last_at, one.last) > (other.last_at, other.last) else other
    total = grown(begin.first, end.last) if kind == Kind.COUNTER else one.total + other.total
    return Roll(
        one.n + other.n,
        total,
        min(one.low, other.low),
        max(one.high, other.high),
        begin.first,
        begin.first_at,
        end.last,
        end.last_at,
        one.histogram + other.histogram if one.histogram or other.histogram else NOTHING,
    )


def joined(kind: str, rolls: Iterable[Roll]) -> Roll | None:
    """Rolls of spans that follow each other, oldest first, as one; None of none."""
    found = list(rolls)
    if len(found) < 2:
        return found[0] if found else None
    total = found[0].total
    for before, roll in pairwise(found):
        total = total + (grown(before.last, roll.first) if kind == Kind.COUNTER else 0.0) + roll.total
    return Roll(
        sum(roll.n for roll in found),
        total,
        min(roll.low for roll in found),
        max(roll.high for roll in found),
        found[0].first,
        found[0].first_at,
        found[-1].last,
        found[-1].last_at,
        _pooled([roll.histogram for roll in found if roll.histogram]),
    )


def _pooled(histograms: Sequence[Histogram]) -> Histogram:
    whole = Histogram() if histograms else NOTHING
    for histogram in histograms:
        add(whole, histogram)
    return whole


def grown(before: float, after: float) -> float:
    """By how much a counter grew; one that fell was started anew, at zero."""
    return after - before if after >= before else after
