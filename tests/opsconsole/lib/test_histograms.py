"""Histograms merge exactly, and their quantiles are right to 4.5 per cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.histograms import decode, encode, merge, of, quantile

latencies = st.lists(st.floats(min_value=0, max_value=120_000), max_size=40)


@given(latencies)
def test_it_reads_what_it_writes(values):
    assert decode(encode(of(values))) == of(values)


@given(st.lists(latencies, max_size=6))
def test_it_merges_as_if_all_had_been_counted_together(parts):
    together = [value for values in parts for value in values]
    assert merge(encode(of(values)) for values in parts) == of(together)


@given(latencies.filter(bool), st.floats(min_value=0, max_value=1))
def test_it_is_right_to_four_and_a_half_per_cent(values, q):
    exact = sorted(values)[int(q * (len(values) - 1))]
    found = quantile(of(values), q)
    assert found == pytest.approx(max(exact, 1), rel=0.045, abs=0.1)


@given(latencies.filter(bool))
def test_it_grows_with_the_share(values):
    found = [quantile(of(values), q / 10) or 0 for q in range(11)]
    assert found == sorted(found)


def test_it_knows_no_quantile_of_nothing():
    assert quantile(of([]), 0.5) is None
    assert (encode(of([])), decode("")) == ("", of([]))
