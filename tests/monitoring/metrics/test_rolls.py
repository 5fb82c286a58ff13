"""Roll-ups say the same whatever the order of the samples, and however they came in batches."""

from functools import reduce
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.metrics import distributions, rolls
from monitoring.metrics.states import Kind

VALUES = st.floats(-1e6, 1e6)
SAMPLES = st.lists(
    st.tuples(st.integers(0, 59_999), VALUES), min_size=1, max_size=40, unique_by=lambda s: s[0]
)


def near(one: rolls.Roll, other: rolls.Roll) -> bool:
    same = isclose(one.total, other.total, rel_tol=1e-9, abs_tol=1e-6)
    return same and [getattr(one, f) for f in FIELDS] == [getattr(other, f) for f in FIELDS]


def together(kind, parts) -> rolls.Roll:
    found = rolls.joined(kind, parts)
    assert found
    return found


FIELDS = ("n", "low", "high", "first", "first_at", "last", "last_at", "histogram")


@given(SAMPLES, st.sampled_from(list(Kind)), st.data())
def test_it_is_the_same_in_any_order_and_any_batches(samples, kind, data):
    shuffled = data.draw(st.permutations(samples))
    cut = data.draw(st.integers(1, len(samples)))
    parts = [rolls.of(kind, part) for part in (shuffled[:cut], shuffled[cut:]) if part]
    mixed = parts[0] if len(parts) == 1 else rolls.mixed(kind, *parts)
    assert near(mixed, rolls.of(kind, samples))


@given(
    st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=12),
    st.sampled_from(list(Kind)),
    st.data(),
)
def test_a_span_is_the_same_from_hours_as_from_minutes(minutes, kind, data):
    made = [
        rolls.of(kind, [(i * 60_000 + j, v) for j, v in enumerate(each)]) for i, each in enumerate(minutes)
    ]
    cut = data.draw(st.integers(0, len(made)))
    hours = [hour for part in (made[:cut], made[cut:]) if (hour := rolls.joined(kind, part))]
    assert near(together(kind, hours), together(kind, made))


@given(
    st.lists(st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=12),
    st.sampled_from(list(Kind)),
)
def test_many_at_once_are_the_same_as_one_after_the_other(minutes, kind):
    made = [
        rolls.of(kind, [(i * 60_000 + j, v) for j, v in enumerate(each)]) for i, each in enumerate(minutes)
    ]
    assert together(kind, made) == reduce(lambda one, other: together(kind, [one, other]), made)


@given(st.lists(VALUES, min_size=1, max_size=60))
def test_a_quantile_is_right_to_a_twentieth(values):
    histogram, ordered = distributions.of(values), sorted(values)
    for q in (0.5, 0.95, 0.99):
        found = distributions.quantile(histogram, q, ordered[0], ordered[-1])
        true = ordered[int(q * (len(ordered) - 1))]
        assert found is not None and isclose(found, true, rel_tol=0.09, abs_tol=1e-9)


@given(st.lists(VALUES, max_size=30), st.lists(VALUES, max_size=30))
def test_histograms_merge_exactly(one, other):
    assert distributions.of(one) + distributions.of(other) == distributions.of(one + other)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30))
def test_a_counter_grows_by_all_that_it_gained(readings):
    minutes = [rolls.of(Kind.COUNTER, [(i * 60_000, v)]) for i, v in enumerate(readings)]
    gained = sum(after - before if after >= before else after for before, after in pairwise(readings))
    assert together(Kind.COUNTER, minutes).total == pytest.approx(gained)


def test_order_of_indices_is_order_of_values():
    values = [-1e9, -1, -1e-6, 0, 1e-6, 0.5, 1, 1e9]
    assert sorted(values, key=distributions.index) == values
