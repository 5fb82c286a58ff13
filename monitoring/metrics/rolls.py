"""What is kept of the samples of a span: pure, and the same whatever their order and however they came in batches."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import NamedTuple

from monitoring.metrics import distributions
from monitoring.metrics.states import Kind, Statistic, quantile_of
from opsconsole.lib.histograms import Histogram

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
    return _made(one, other, begin, end, total)


def joined(kind: str, rolls: Iterable[Roll]) -> Roll | None:
    """Rolls of spans that follow each other, oldest first, as one; None of none."""
    found = list(rolls)
    return reduce(lambda one, other: _followed(kind, one, other), found) if found else None


def _followed(kind: str, one: Roll, other: Roll) -> Roll:
    between = grown(one.last, other.first) if kind == Kind.COUNTER else 0.0
    return _made(one, other, one, other, one.total + between + other.total)


def _made(one: Roll, other: Roll, begin: Roll, end: Roll, total: float) -> Roll:
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


def grown(before: float, after: float) -> float:
    """By how much a counter grew; one that fell was started anew, at zero."""
    return after - before if after >= before else after
