"""When windows are, also in the nights when clocks are changed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.recurring import LAST_DAY, Recurrence, Repeats
from opsconsole.lib.calendars import BadSchedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
SUNDAYS = Recurrence(
    "weekly", START, START + 365 * DAY, 2 * HOUR, "Europe/Vienna", time(2, 30), frozenset({6})
)
ONCE = Recurrence("once", START, START + HOUR, HOUR)
MONTHLY = replace(SUNDAYS, repeats=Repeats.MONTHLY, day=LAST_DAY)
CRON = replace(SUNDAYS, repeats=Repeats.CRON, cron="15 4 * * 1-5")
ZONES = (
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "UTC",
)


def utc(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_it_is_once():
    assert ONCE.running(START) == (START, START + HOUR)
    assert [ONCE.running(START + n * HOUR) for n in (-1, 1)] == [None, None]


def test_it_is_on_weekdays():
    assert SUNDAYS.running(utc(1, 4, 2)) == (utc(1, 4, 1, 30), utc(1, 4, 3, 30))
    assert SUNDAYS.running(utc(1, 5, 2)) is None


def test_it_is_on_the_last_day_of_each_month():
    assert MONTHLY.running(utc(2, 28, 2))
    assert not MONTHLY.running(utc(2, 27, 2))
    assert MONTHLY.running(utc(4, 30, 1))


def test_it_is_as_cron_says():
    assert CRON.running(utc(1, 5, 4))
    assert not CRON.running(utc(1, 4, 4))


def test_it_begins_after_the_gap_in_the_night_that_is_short():
    """At half past two there is no such time; it begins when clocks have been put forward."""
    assert SUNDAYS.running(utc(3, 29, 1)) == (utc(3, 29, 1), utc(3, 29, 3))


def test_it_is_once_in_the_night_that_is_long():
    """Half past two comes twice: it begins at the first and lasts two hours of real time."""
    assert SUNDAYS.begins_after(utc(10, 24, 12)) == utc(10, 25, 0, 30)
    assert SUNDAYS.begins_after(utc(10, 25, 0, 30)) == utc(11, 1, 1, 30)
    assert SUNDAYS.running(utc(10, 25, 2, 30)) is None


def test_it_is_over_at_its_end():
    short = replace(SUNDAYS, until=utc(1, 4, 2))
    assert short.running(utc(1, 4, 1, 45)) == (utc(1, 4, 1, 30), utc(1, 4, 2))
    assert [short.running(utc(1, 4, 2)), short.begins_after(utc(1, 4, 2))] == [None, None]


def test_it_says_when_it_never_comes():
    with pytest.raises(BadSchedule):
        replace(SUNDAYS, until=START + DAY).check()
    with pytest.raises(BadSchedule):
        replace(CRON, cron="0 0 31 2 *").check()


def test_it_bears_what_comes_more_often_than_it_ends():
    assert replace(CRON, cron="* * * * *", lasts=30 * DAY).running(utc(3, 1, 1))


@given(
    repeat=st.sampled_from(["weekly", "monthly", "cron"]),
    zone=st.sampled_from(ZONES),
    wall=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    minutes=st.integers(5, 600),
    moment=st.integers(0, 365 * 24 * 60),
)
def test_it_agrees_with_itself(repeat, zone, wall, minutes, moment):
    """In every zone and night: it runs from each beginning, for as long as it lasts, at the hour of the wall."""
    lasts = timedelta(minutes=minutes)
    found = replace(
        SUNDAYS,
        repeats=repeat,
        zone=zone,
        wall=wall,
        lasts=lasts,
        cron=f"{wall.minute} {wall.hour} * * *",
        day=7,
    )
    begins = found.begins_after(START + timedelta(minutes=moment))
    if begins is None:
        return
    assert found.running(begins) == (begins, min(begins + lasts, found.until))
    assert found.running(min(begins + lasts, found.until) - timedelta(seconds=1))
    local = begins.astimezone(ZoneInfo(zone))
    assert local.time() == wall or local.utcoffset() != (begins - DAY).astimezone(ZoneInfo(zone)).utcoffset()


NIGHTS = (
    utc(3, 29, 1),
    utc(10, 25, 1),
    utc(3, 8, 7),
    utc(11, 1, 6),
    utc(4, 4, 15),
    utc(10, 3, 15),
    utc(2, 15, 2),
)


@given(
    repeat=st.sampled_from(["once", "weekly", "monthly", "cron"]),
    zone=st.sampled_from(ZONES),
    night=st.sampled_from(NIGHTS),
    quarters=st.integers(-12, 12),
    lasts=st.integers(1, 40),
    every=st.sampled_from(["0 *", "30 */2", "45 3"]),
)
def test_it_knows_the_times_of_a_span_as_it_knows_those_of_each_moment(
    repeat, zone, night, quarters, lasts, every
):
    """In every zone and in the nights in which clocks are changed; also where the next begins before the last is over."""
    begin = (night + quarters * HOUR / 4).astimezone(ZoneInfo(zone))
    found = Recurrence(
        repeat, begin.astimezone(UTC), night + 9 * DAY if repeat != "once" else begin + lasts * HOUR / 4,
        lasts * HOUR / 4, zone, begin.time(), frozenset({begin.weekday()}), begin.day, f"{every} * * *",
    )  # fmt: skip
    start, end = night - 6 * HOUR, night + 18 * HOUR
    times = list(found.times(start, end))
    for n in range(96):
        moment = start + n * HOUR / 4
        assert any(a <= moment < b for a, b in times) == bool(found.running(moment))


def test_it_knows_the_times_of_what_never_ends_before_it_comes_again():
    often = replace(CRON, cron="* * * * *", lasts=30 * DAY)
    times = list(often.times(utc(3, 1, 0), utc(3, 3, 0)))
    assert len(times) < 5
    assert min(times)[0] <= utc(3, 1, 0) < utc(3, 3, 0) <= max(times)[1]
