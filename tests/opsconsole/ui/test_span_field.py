"""Spans of time are typed in words and come back in words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.ui.fields import SpanField

FIELD = SpanField(least=timedelta(seconds=5), most=timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "seconds"), [("30 s", 30), ("1h 30m", 5400), (" 5 min ", 300), ("1 day", 86400)]
)
def test_it_reads_words(text, seconds):
    assert FIELD.clean(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "required"),
        ("soon", "Write a duration such as"),
        ("30", "Write a duration such as"),
        ("1 s", "Choose 5 s or more."),
        ("2 days", "Choose 1 day or less."),
        (f"{10**12} weeks", "too long"),
        ("x" * 50, "at most 40 characters"),
    ],
)
def test_it_says_what_is_wrong(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        FIELD.clean(text)


def test_it_is_nothing_when_it_may_be_empty():
    assert SpanField(required=False).clean("") is None


@given(st.integers(1, 10_000_000))
def test_it_reads_back_what_it_shows(seconds):
    field = SpanField()
    assert field.clean(field.prepare_value(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
