"""Wall time to instants, over changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.calendars import BadSchedule, Weekly, cron_after, instant, zone

VIENNA = ZoneInfo("Europe/Vienna")
ZONES = ["UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]


def test_it_takes_the_end_of_the_gap_for_a_skipped_wall_time():
    assert instant(date(2026, 3, 29), time(2, 30), VIENNA) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_it_takes_the_first_of_a_doubled_wall_time():
    assert instant(date(2026, 10, 25), time(2, 30), VIENNA) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_comes_once_on_the_day_of_a_doubled_hour():
    weekly = Weekly(time(2, 30), "Europe/Vienna")
    found = list(
        weekly.between(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    )
    assert found == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_it_finds_the_first_monday_of_a_quarter():
    weekly = Weekly(time(9), "UTC", frozenset({0}), 1, frozenset({1, 4, 7, 10}))
    assert weekly.after(datetime(2026, 11, 21, tzinfo=UTC)) == datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_it_finds_the_last_friday_of_a_month():
    weekly = Weekly(time(14), "UTC", frozenset({4}), -1)
    assert weekly.after(datetime(2026, 11, 1, tzinfo=UTC)) == datetime(2026, 11, 27, 14, tzinfo=UTC)


@given(
    name=st.sampled_from(ZONES),
    wall=st.times(timezones=st.none()),
    start=st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1)),
)
def test_it_always_moves_on_and_never_twice_on_a_day(name, wall, start):
    weekly, start = Weekly(wall.replace(second=0, microsecond=0), name), start.replace(tzinfo=UTC)
    first = weekly.after(start)
    second = weekly.after(first)
    assert start < first < second
    assert first.astimezone(zone(name)).date() < second.astimezone(zone(name)).date()


def test_it_reads_cron_on_the_wall_clock_of_the_zone():
    assert cron_after("0 3 * * *", "America/New_York", datetime(2026, 7, 1, tzinfo=UTC)) == datetime(
        2026, 7, 1, 7, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "expression", ["", "* * *", "61 * * * *", "0 0 31 2 *", "@daily", "* * * * * *", "R R * * *"]
)
def test_it_refuses_a_cron_expression_that_cannot_fire(expression):
    with pytest.raises(BadSchedule):
        cron_after(expression, "UTC", datetime(2026, 1, 1, tzinfo=UTC))


def fires(expression, zone_name, start, end):
    found = [cron_after(expression, zone_name, start)]
    while found[-1] < end:
        found.append(cron_after(expression, zone_name, found[-1]))
    return found[:-1]


@pytest.mark.parametrize(
    ("expression", "zone_name", "start", "times"),
    [
        (
            "30 * * * *",
            "Europe/Berlin",
            datetime(2026, 3, 29, 0),
            ["00:30", "01:30", "02:30"],
        ),  # no run at 2:30 CET
        (
            "30 * * * *",
            "Europe/Berlin",
            datetime(2026, 10, 25, 0),
            ["00:30", "01:30", "02:30"],
        ),  # two at 2:30
        ("0 */2 * * *", "Europe/Berlin", datetime(2026, 10, 25, 0), ["00:00", "01:00"]),
        ("30 2 * * *", "Europe/Berlin", datetime(2026, 10, 25, 0), ["00:30"]),
        ("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 29, 0), ["01:00"]),
        ("15 * * * *", "Australia/Lord_Howe", datetime(2026, 10, 3, 14), ["14:45", "16:15"]),
        ("45 * * * *", "Australia/Lord_Howe", datetime(2026, 4, 4, 14), ["14:45", "15:15", "16:15"]),
        ("45 1 * * *", "Australia/Lord_Howe", datetime(2026, 4, 4, 14), ["14:45"]),
    ],
)
def test_it_fires_as_cron_does_when_clocks_are_changed(expression, zone_name, start, times):
    start = start.replace(tzinfo=UTC)
    found = fires(expression, zone_name, start - timedelta(seconds=1), start + timedelta(hours=3))
    assert [f"{at:%H:%M}" for at in found] == times


@given(
    name=st.sampled_from(ZONES),
    minutes=st.sampled_from([1, 5, 10, 15, 30]),
    start=st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1)),
)
def test_it_keeps_the_pace_of_what_comes_every_few_minutes(name, minutes, start):
    at = cron_after(f"*/{minutes} * * * *", name, start.replace(tzinfo=UTC))
    assert cron_after(f"*/{minutes} * * * *", name, at) - at == timedelta(minutes=minutes)


def test_it_refuses_an_unknown_zone():
    with pytest.raises(BadSchedule, match="Mars/Olympus"):
        cron_after("0 0 * * *", "Mars/Olympus", datetime(2026, 1, 1, tzinfo=UTC))


def test_it_refuses_a_week_without_days():
    with pytest.raises(BadSchedule):
        Weekly(time(9), "UTC", frozenset()).after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta())
