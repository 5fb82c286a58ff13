"""Which weeks are due when, over changes of the clock and of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.reports import weeks
from maintenance.reports.weeks import Standing
from opsconsole.lib.periods import Week

VIENNA = ZoneInfo("Europe/Vienna")
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        ("2026-11-08T22:59:59", Standing.AHEAD),
        ("2026-11-08T23:00:00", Standing.RUNNING),
        ("2026-11-15T22:59:59", Standing.RUNNING),
        ("2026-11-15T23:00:00", Standing.WAITING),
        ("2026-11-16T05:59:59", Standing.WAITING),
        ("2026-11-16T06:00:00", Standing.DUE),
        ("2026-12-13T22:59:59", Standing.DUE),
        ("2026-12-13T23:00:00", Standing.LOST),
    ],
)
def test_it_knows_how_a_week_stands_to_the_second(moment, standing):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert weeks.standing(Week(2026, 46), VIENNA, now) is standing


def test_it_publishes_at_seven_on_the_wall_also_after_the_clock_changed():
    assert weeks.publishes_at(Week(2026, 43), VIENNA) == datetime(2026, 10, 26, 6, tzinfo=UTC)
    assert weeks.publishes_at(Week(2026, 42), VIENNA) == datetime(2026, 10, 19, 5, tzinfo=UTC)


def test_it_catches_up_four_weeks_and_no_more():
    now = datetime(2026, 11, 18, tzinfo=UTC)
    assert [str(w) for w in weeks.due(VIENNA, now, LONG_AGO)] == [
        "2026-W43",
        "2026-W44",
        "2026-W45",
        "2026-W46",
    ]


def test_it_reports_no_week_from_before_the_console_began():
    now, began = datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC)
    assert [str(w) for w in weeks.due(VIENNA, now, began)] == ["2026-W46"]


@given(
    now=st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),
    zone=st.sampled_from(["UTC", "Europe/Vienna", "Pacific/Apia", "America/New_York"]),
)
def test_it_is_always_in_a_running_week_and_owes_three_or_four(now, zone):
    now, where = now.replace(tzinfo=UTC), ZoneInfo(zone)
    this = weeks.current(where, now)
    assert weeks.standing(this, where, now) is Standing.RUNNING
    due = weeks.due(where, now, LONG_AGO)
    assert len(due) in (3, 4)
    assert due == sorted(due)
    assert all(weeks.publishes_at(week, where) <= now for week in due)


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (Week(2026, 46), "9–15 November 2026"),
        (Week(2026, 40), "28 September – 4 October 2026"),
        (Week(2026, 1), "29 December 2025 – 4 January 2026"),
    ],
)
def test_it_writes_the_days_of_a_week(week, said):
    assert weeks.dates(week) == said


@pytest.mark.parametrize("text", ["2026-47", "2026-W54", "2026-W00", "0000-W01", "1999-W10", "9999-W52", "x"])
def test_it_refuses_what_is_no_week(text):
    with pytest.raises(ValueError, match=r"\.$"):
        weeks.parse(text)


def test_it_moves_on_a_week_at_a_time():
    assert weeks.parse("2026-W53").plus(1) == Week(2027, 1)
    assert weeks.publishes_at(Week(2026, 53), VIENNA) - weeks.publishes_at(
        Week(2026, 52), VIENNA
    ) == timedelta(7)
