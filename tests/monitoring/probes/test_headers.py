"""Headers are written one a line; secret values are shown as dots and survive an edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.probes.headers import MASK, parse, shown

KEPT = {"Authorization": "Bearer s3cret", "Accept": "text/html", "X-Api-Key": "k"}


def test_it_masks_what_is_secret():
    assert shown(KEPT) == f"Authorization: {MASK}\nAccept: text/html\nX-Api-Key: {MASK}"


def test_it_keeps_what_was_masked():
    assert parse(shown(KEPT), KEPT) == KEPT


def test_it_takes_a_new_value():
    assert parse("Authorization: Bearer new", KEPT) == {"Authorization": "Bearer new"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no colon", "is not a header"),
        (": value", "is not a header"),
        ("A: 1\na: 2", "a is there twice"),
        (f"X-Token: {MASK}", "write it in full"),
    ],
)
def test_it_says_what_is_wrong(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse(text, KEPT)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z-]{1,10}", fullmatch=True), st.from_regex(r"[!-~]{1,20}", fullmatch=True)
    )
)
def test_it_comes_back_as_it_was(headers):
    assert parse(shown(headers), headers) == headers
