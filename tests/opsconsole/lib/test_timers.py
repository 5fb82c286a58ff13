"""systemd's OnCalendar, as `systemd-analyze calendar` of version 252 answers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.timers import lines, timer_after

ZONES = [
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(line: str, start: str, n: int = 3, zone: str = "Europe/Vienna") -> list[str]:
    at, found = utc(start), []
    for _ in range(n):
        at = timer_after(line, zone, at) or pytest.fail("no further time")
        found.append(f"{at:%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("line", "start", "wanted"),
    [
        (
            "02:30",
            "2026-10-24T12:00",
            ["25 00:30", "26 01:30", "27 01:30"],
        ),  # it comes once in the doubled hour
        ("biannually UTC", "2026-10-24T12:00", ["01 00:00", "01 00:00", "01 00:00"]),
        ("Bi-Annually", "2026-06-01T12:00", ["30 22:00", "31 23:00", "30 22:00"]),
        ("*:0/30", "2026-10-24T23:20", ["24 23:30", "25 00:00", "25 00:30"]),
        (
            "*:0/30",
            "2026-10-25T00:30",
            ["25 02:00", "25 02:30", "25 03:00"],
        ),  # and the second of them is left out
        ("*:0/30", "2026-10-25T01:10", ["25 02:00", "25 02:30", "25 03:00"]),
        ("02:30", "2026-03-28T12:00", ["30 00:30", "31 00:30", "01 00:30"]),  # the skipped one does not come
        ("*:0/30", "2026-03-29T00:30", ["29 01:00", "29 01:30", "29 02:00"]),
        ("Mon..Fri 03:00", "2026-11-20T03:00", ["23 02:00", "24 02:00", "25 02:00"]),
        ("*-*~1 04:30", "2026-11-18T00:00", ["30 03:30", "31 03:30", "31 03:30"]),
        ("03:00 UTC", "2026-11-18T00:00", ["18 03:00", "19 03:00", "20 03:00"]),
        ("daily", "2026-11-18T00:00", ["18 23:00", "19 23:00", "20 23:00"]),
    ],
)
def test_it_elapses_as_systemd_says(line, start, wanted):
    assert times(line, start) == wanted


def test_it_takes_the_first_of_several_lines():
    assert times("OnCalendar=Mon 03:00\n\n  Tue 04:00\n", "2026-11-22T12:00") == [
        "23 02:00",
        "24 03:00",
        "30 02:00",
    ]
    assert lines("OnCalendar=daily\r\n\r\n hourly ") == ["daily", "hourly"]


@pytest.mark.parametrize("line", ["*-02-30", "2026-01-01 03:00", "Mon 2026-11-18"])
def test_it_knows_what_never_comes(line):
    assert timer_after(line, "UTC", utc("2026-11-18T08:00")) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "0 3 * * *",
        "Mon..",
        "25:00",
        "03:00 Mars/Olympus",
        "*-13-01",
        "-",
        "1-",
        "x" * 400,
        "daily\n" * 11,
    ],
)
def test_it_says_what_is_malformed(line):
    with pytest.raises(BadSchedule):
        timer_after(line, "UTC", utc("2026-11-18T08:00"))


@given(
    st.sampled_from(["*:0/30", "02:30", "hourly", "00:00", "*-*-* 01..03:15"]),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_it_always_moves_on(line, zone, start):
    moment = start.replace(tzinfo=UTC)
    found = timer_after(line, zone, moment)
    assert found is not None
    assert found > moment


@given(st.text(alphabet="0123456789*:-~/., MonFriUTCdaily\n", max_size=30))
def test_it_never_breaks(text):
    try:
        found = timer_after(text, "Europe/Vienna", utc("2026-11-18T08:00"))
    except BadSchedule:
        return
    assert found is None or found.tzinfo is UTC
