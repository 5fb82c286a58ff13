"""When the next report is expected: over changes of the clock, month ends, and in words."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.heartbeats.schedules import Plan
from opsconsole.lib.calendars import BadSchedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def cron(expression: str, zone: str = "Europe/Vienna") -> Plan:
    return Plan(DAY, expression, zone, HOUR)


def test_it_counts_a_period_from_the_last_report():
    last = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert Plan(DAY, "", "UTC", HOUR).expected_after(last) == last + DAY


@pytest.mark.parametrize(
    ("expression", "last", "expected"),
    [
        ("30 2 * * *", "2026-03-28T01:30", "2026-03-29T01:00"),  # 02:30 is skipped: the end of the gap
        ("30 2 * * *", "2026-10-24T00:30", "2026-10-25T00:30"),  # 02:30 comes twice: the first
        ("30 2 * * *", "2026-10-25T00:30", "2026-10-26T01:30"),  # … and not again an hour later
        ("0 3 31 * *", "2026-01-31T02:00", "2026-03-31T01:00"),
        ("0 0 29 2 *", "2026-11-18T00:00", "2028-02-28T23:00"),
    ],
)
def test_it_reads_cron_on_the_wall_clock(expression, last, expected):
    at = cron(expression).expected_after(datetime.fromisoformat(last + "+00:00"))
    assert at == datetime.fromisoformat(expected + "+00:00")


@given(
    st.sampled_from(["*/5 * * * *", "0 * * * *", "30 2 * * *", "0 9 * * 1-5", "15 14 1 * *"]),
    st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_it_always_moves_on(expression, zone, start):
    plan, moments = cron(expression, zone), [start.replace(tzinfo=UTC)]
    for _ in range(4):
        moments.append(plan.expected_after(moments[-1]))
    assert all(before < after for before, after in pairwise(moments))


def test_it_refuses_what_never_comes():
    with pytest.raises(BadSchedule):
        cron("0 0 31 2 *").expected_after(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(DAY, "", "UTC", HOUR), "every day, 1 h grace"),
        (Plan(timedelta(minutes=5), "", "UTC", timedelta(minutes=1)), "every 5 min, 1 min grace"),
        (Plan(HOUR, "", "UTC", HOUR), "every hour, 1 h grace"),
        (Plan(timedelta(minutes=90), "", "UTC", HOUR), "every 1 h 30 min, 1 h grace"),
        (cron("0 3 * * *"), "daily at 03:00 Europe/Vienna, 1 h grace"),
        (cron("5 9 * * 1"), "Mondays at 09:05 Europe/Vienna, 1 h grace"),
        (cron("5 9 * * 7"), "Sundays at 09:05 Europe/Vienna, 1 h grace"),
        (cron("0 9 * * 1-5"), "Monday to Friday at 09:00 Europe/Vienna, 1 h grace"),
        (cron("0 9 1 * *"), "on day 1 of the month at 09:00 Europe/Vienna, 1 h grace"),
        (cron("*/5 * * * *"), "every 5 min by the clock of Europe/Vienna, 1 h grace"),
        (cron("0 9 * * mon"), "0 9 * * mon Europe/Vienna, 1 h grace"),
        (cron("0 9,18 * * *"), "0 9,18 * * * Europe/Vienna, 1 h grace"),
        (cron("0 9 1 * 1"), "0 9 1 * 1 Europe/Vienna, 1 h grace"),
    ],
)
def test_it_says_itself_in_words(plan, words):
    assert plan.words == words
