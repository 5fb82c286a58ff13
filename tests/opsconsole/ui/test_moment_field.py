"""A moment is typed on the reader's clock, also in the night in which clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from opsconsole.ui.fields import MomentField


@pytest.fixture(autouse=True)
def vienna():
    with timezone.override(ZoneInfo("Europe/Vienna")):
        yield


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-16T03:04", datetime(2026, 11, 16, 2, 4, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # is skipped: the first after the gap
    ],
)
def test_it_reads_the_readers_clock(text, moment):
    assert MomentField().clean(text) == moment


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "required"),
        ("yesterday", "Write date and time, such as 2026-11-16T03:04"),
        ("1999-12-31T23:59", "between the years 2000 and 2200"),
    ],
)
def test_it_says_what_it_wants(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        MomentField().clean(text)
