"""How a heartbeat stands, and how its last days look."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitoring.heartbeats import history
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.pages.lists import sentence
from monitoring.heartbeats.selectors import Counts
from monitoring.heartbeats.standing import standing

NOW = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    ("fields", "tone", "word", "said"),
    [
        ({"status": "unknown"}, "unknown", "New", "Backup waits for its first ping"),
        (
            {"status": "unknown", "last_ping_at": NOW},
            "unknown",
            "Not measured",
            "We cannot tell whether Backup ran",
        ),
        ({"status": "paused"}, "unknown", "Paused", "Backup is paused: nobody hears when it fails"),
        ({"status": "up", "expected_at": NOW}, "ok", "On time", "Backup is on time"),
        (
            {"status": "up", "expected_at": NOW + HOUR, "running_since": NOW},
            "ok",
            "Running",
            "Backup is running",
        ),
        (
            {"status": "up", "expected_at": NOW - 5 * MINUTE},
            "look",
            "Late",
            "Backup is 5 min late, within its grace",
        ),
        ({"status": "up", "expected_at": NOW - 2 * HOUR}, "look", "Late", "Backup is 2 h late"),
        (
            {
                "status": "up",
                "expected_at": NOW + HOUR,
                "running_since": NOW - HOUR,
                "due_at": NOW - 2 * MINUTE,
            },
            "unknown",
            "Not measured",
            "The console has not looked at Backup in time",
        ),
        ({"status": "down", "last_outcome": "fail"}, "bad", "Failed", "Backup failed 1 h 5 min ago"),
        ({"status": "down", "last_outcome": "long"}, "bad", "Too long", "Backup runs longer than it may"),
        (
            {"status": "down", "last_outcome": "missed"},
            "bad",
            "Missed",
            "Backup has not reported: it is 1 h 5 min overdue",
        ),
    ],
)
def test_it_says_how_a_job_stands(fields, tone, word, said):
    found = standing(Heartbeat(name="Backup", status_since=NOW - 65.4 * MINUTE, **fields), NOW)
    assert (found.tone, found.word, found.sentence) == (tone, word, said)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0, 0, 0), "Let your jobs say that they ran"),
        ((1, 0, 0, 0, 0, 0), "The job is on time"),
        ((5, 0, 0, 0, 0, 1), "All 4 jobs are on time"),
        ((5, 1, 1, 0, 0, 0), "1 of 5 jobs did not run as it should"),
        ((5, 2, 0, 0, 0, 0), "2 of 5 jobs did not run as they should"),
        ((5, 0, 1, 0, 0, 0), "1 of 5 jobs is late, within the grace"),
        ((5, 0, 0, 1, 1, 0), "3 of 5 jobs on time, the others have not been heard"),
        ((1, 0, 0, 0, 1, 0), "1 job waits to be heard"),
        ((2, 0, 0, 0, 0, 2), "Every job is paused: nobody hears when one fails"),
    ],
)
def test_it_says_how_all_of_them_are(counts, said):
    assert sentence(Counts(*counts)) == said


def test_it_shows_ninety_days_with_their_trouble():
    changes = [(NOW - 10 * DAY, "up"), (NOW - 3 * DAY, "down"), (NOW - 3 * DAY + 2 * HOUR, "up")]
    days = history.days(changes, "unknown", NOW, VIENNA)
    assert len(days) == 90
    assert [day.bar.tone for day in days[-11:]] == ["ok"] * 7 + ["bad"] + ["ok"] * 3
    assert days[-4].bar.title == "15 Nov: late or failed for 2 h"
    assert days[0].bar.tone == "unknown"


def test_it_splits_a_long_trouble_at_midnight_of_the_zone():
    days = history.days([(NOW - 2 * DAY, "down")], "up", NOW, VIENNA)
    assert [day.down for day in days[-3:]] == [15 * 3600, 24 * 3600, 9 * 3600]


def test_it_counts_a_day_of_25_hours():
    now = datetime(2026, 10, 26, 12, tzinfo=UTC)
    days = history.days([(now - 3 * DAY, "down")], "up", now, VIENNA)
    assert days[-2].down == 25 * 3600


def test_it_never_counts_a_span_twice_when_the_clock_went_back():
    days = history.days([(NOW - HOUR, "down"), (NOW - 2 * HOUR, "up")], "up", NOW, VIENNA)
    assert sum(day.down for day in days) == 0
