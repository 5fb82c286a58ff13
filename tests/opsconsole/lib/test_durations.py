"""Durations in words."""

from datetime import timedelta

import pytest

from opsconsole.lib.durations import parse, rough, words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.3, "1 s"),
        (45, "45 s"),
        (119, "1 min 59 s"),
        (120, "2 min"),
        (179, "2 min"),
        (3700, "1 h 1 min"),
        (90000, "1 day 1 h"),
    ],
)
def test_it_leaves_out_seconds_that_say_nothing(seconds, said):
    assert rough(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("text", ["90 s", "5 min", "1h 30m", "2 days", "1 week"])
def test_it_reads_what_it_writes(text):
    assert parse(words(parse(text))) == parse(text)


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "min", "500 ms"])
def test_it_says_what_it_cannot_read(text):
    with pytest.raises(ValueError, match=r"duration|unit"):
        parse(text)
