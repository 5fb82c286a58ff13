"""Days into longer spans."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.measures.folding import folded
from opsconsole.measures.registry import Fold


@dataclass
class Day:
    value: float | None
    coverage: float = 1.0
    n: int | None = None


def test_it_adds_up_counts():
    assert folded([Day(2, n=2), Day(0, n=0), Day(3, n=3)], 3, Fold.SUM).value == 5


def test_it_weighs_a_share_of_time_by_what_was_measured():
    assert folded([Day(100, 0.5), Day(90, 1.0)], 2, Fold.MEAN).value == pytest.approx(93.333, abs=0.001)


def test_it_weighs_single_events_by_their_number():
    assert folded([Day(100, n=1), Day(200, n=3)], 2, Fold.POOLED).value == 175


def test_it_weighs_days_alike_when_one_did_not_say_its_number():
    assert folded([Day(100, n=9), Day(200, n=None)], 2, Fold.POOLED).value == 150


def test_it_takes_the_weighted_middle_of_medians():
    assert folded([Day(5, n=1), Day(60, n=1), Day(10, n=5)], 3, Fold.MEDIAN).value == 10


def test_it_takes_the_newest_of_a_figure_of_a_moment():
    assert folded([Day(7), Day(None), Day(2)], 3, Fold.LAST).value == 2


def test_it_counts_missing_days_as_not_measured():
    reading = folded([Day(99), Day(None, 0)], 4, Fold.MEAN)
    assert (reading.value, reading.coverage) == (99, 0.25)


def test_it_counts_days_with_nothing_to_measure_as_measured():
    reading = folded([Day(None, 1, 0), Day(12, n=1), Day(None, 1, 0)], 3, Fold.MEDIAN)
    assert (reading.value, reading.coverage, reading.n) == (12, 1, 1)


def test_it_has_nothing_to_measure_when_no_day_had():
    assert folded([Day(None, 1, 0)] * 7, 7, Fold.MEDIAN).is_nothing
    assert not folded([Day(None, 1, 0)] * 3, 7, Fold.MEDIAN).is_nothing


def test_it_knows_nothing_from_nothing():
    assert folded([], 7, Fold.SUM).value is None
    assert folded([Day(None)], 7, Fold.SUM).coverage == 0


days = st.builds(
    Day, st.floats(0, 1e6), st.floats(0, 1, allow_subnormal=False), st.integers(0, 1000) | st.none()
)


@given(
    kept=st.lists(days, min_size=1, max_size=40),
    how=st.sampled_from([Fold.MEAN, Fold.POOLED, Fold.MEDIAN, Fold.LAST]),
)
def test_it_never_leaves_the_range_of_the_days(kept, how):
    values = [day.value for day in kept]
    reading = folded(kept, len(kept), how)
    assert min(values) - 1e-6 <= reading.value <= max(values) + 1e-6
    assert 0 <= reading.coverage <= 1
