"""Quantiles by linear interpolation, and what a change says."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.stats import change, median, quantile

numbers = st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=1, max_size=30)


@given(numbers)
def test_it_finds_the_median_that_everybody_finds(values):
    assert median(values) == pytest.approx(statistics.median(values), abs=1e-6)


@given(numbers.filter(lambda values: len(values) > 1))
def test_it_finds_the_quartiles_of_type_seven(values):
    found = [quantile(values, q) for q in (0.25, 0.5, 0.75)]
    assert found == pytest.approx(statistics.quantiles(values, method="inclusive"), abs=1e-6)


@given(numbers, st.floats(min_value=0, max_value=1))
def test_it_stays_within_the_values(values, q):
    assert min(values) - 1e-9 <= quantile(values, q) <= max(values) + 1e-9


def test_it_knows_no_quantile_of_nothing():
    assert quantile([], 0.9) is None


@pytest.mark.parametrize(
    ("value", "before", "relative"),
    [(110, 100, 0.1), (50, 100, -0.5), (-5, -10, 0.5), (1, 0, None), (None, 1, None), (1, None, None)],
)
def test_it_says_by_which_share_it_changed(value, before, relative):
    assert change(value, before) == relative
