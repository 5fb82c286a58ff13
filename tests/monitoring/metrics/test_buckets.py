"""Prometheus' classic histograms as pure rules: what grew, spread over the buckets as histogram_quantile does."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.metrics.buckets import Buckets, grown, made, roll_of
from monitoring.metrics.rolls import Roll

AT = 1_795_000_000_000
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def buckets(*counts: int, bounds=(0.1, 0.5, 1.0), total=None) -> Buckets:
    found = made(dict(zip((*bounds, inf), counts, strict=True)), total)
    assert found
    return found


def rolled(found: Buckets | None) -> Roll:
    roll = roll_of(found, AT) if found else None
    assert roll
    return roll


def as_prometheus_does(found: Buckets, q: float) -> float:
    """histogram_quantile, of buckets whose bounds are above zero."""
    rank = q * found.n
    i = next(i for i, count in enumerate(found.counts) if count >= rank)
    if i == len(found.counts) - 1:
        return found.bounds[-2]
    low, below = (found.bounds[i - 1], found.counts[i - 1]) if i else (0.0, 0)
    return low + (found.bounds[i] - low) * (rank - below) / (found.counts[i] - below)


@given(st.lists(st.integers(1000, 100_000), min_size=12, max_size=12), st.sampled_from(["p50", "p95", "p99"]))
def test_its_quantiles_are_those_of_prometheus(each, statistic):
    counts = [sum(each[: i + 1]) for i in range(12)]
    found = buckets(*counts, bounds=BOUNDS)
    assert rolled(found).figure(statistic) == pytest.approx(
        as_prometheus_does(found, int(statistic[1:]) / 100), rel=0.05
    )


@given(
    st.dictionaries(st.floats(-1e30, 1e30), st.integers(0, 10**12), min_size=1, max_size=12),
    st.integers(0, 10**12),
)
def test_every_observation_falls_somewhere_within_the_bounds(counts, above):
    roll = rolled(made(counts | {inf: above + 10**12 + 1}, None))
    assert sum(roll.histogram.values()) == roll.n == above + 10**12 + 1
    assert min(0, *counts) <= roll.low <= (roll.figure("p50") or 0) <= roll.high <= max(counts)


def test_it_tells_mean_and_ends():
    roll = rolled(buckets(0, 3, 3, 4, total=1.6))
    assert (roll.n, roll.mean, roll.low, roll.high, roll.last_at) == (4, 0.4, 0.1, 1.0, AT)


def test_it_takes_the_middle_of_each_bucket_for_a_sum_that_is_not_told():
    assert rolled(buckets(0, 2, 2, 2)).mean == pytest.approx(0.3)


def test_what_is_above_the_highest_bound_counts_as_that():
    assert rolled(buckets(0, 0, 0, 7)).figure("p50") == 1.0


def test_it_counts_what_grew():
    growth = grown(buckets(10, 20, 20, 20, total=5.0), buckets(10, 25, 26, 26, total=8.0))
    assert growth == buckets(0, 5, 6, 6, total=3.0)


@pytest.mark.parametrize("now", [(1, 2, 2, 2), (5, 25, 25, 25), (0, 0, 0, 0)])
def test_what_fell_began_anew(now):
    assert grown(buckets(10, 20, 20, 20), buckets(*now)) == buckets(*now)


def test_of_other_buckets_those_count_that_both_have():
    other = buckets(4, 16, 18, bounds=(0.2, 0.5))
    assert grown(buckets(1, 12, 13, 13), other) == buckets(4, 5, bounds=(0.5,))


def test_without_a_bucket_that_both_have_nothing_is_known():
    assert grown(buckets(1, 2, 3, 4), buckets(9, 10, bounds=(0.7,))) is None


@pytest.mark.parametrize("counts", [{}, {inf: 3}, {0.5: 3}, {0.5: 1e20, inf: 1e20}])
def test_some_buckets_tell_nothing(counts):
    assert made(counts, None) is None


def test_a_wider_bucket_holds_what_the_narrower_ones_hold():
    assert buckets(5, 4, -1, bounds=(0.1, 0.5)).counts == (5, 5, 5)
