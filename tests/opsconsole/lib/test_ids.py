"""Ids as anybody may have typed them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.ids import LARGEST, id_of


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_it_reads_what_a_database_gives_out(number):
    assert id_of(str(number)) == number


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.0", " 1", "1; drop", "٣", "²"])
def test_it_takes_what_is_no_number_for_none(text):
    assert id_of(text) is None


@pytest.mark.parametrize("digits", [19, 30, 5000])
def test_it_takes_a_number_beyond_all_ids_for_one_that_no_row_has(digits):
    assert id_of("9" * digits) == LARGEST
