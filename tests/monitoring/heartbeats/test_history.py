"""Ninety days of a heartbeat from its changes of state: every second counts once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.days import first
from monitoring.heartbeats.history import days
from tests.conftest import NOW

VIENNA = ZoneInfo("Europe/Vienna")
BEGIN = first(NOW, VIENNA)
STATES = ("up", "down", "unknown", "paused")
changes = st.lists(
    st.tuples(
        st.integers(-1000, 90 * 86_400).map(lambda s: BEGIN + timedelta(seconds=s)), st.sampled_from(STATES)
    ),
    max_size=12,
)


@given(changes, st.sampled_from(STATES))
def test_it_counts_every_second_once_even_when_a_clock_went_back(told, before):
    shown = days(told, before, NOW, VIENNA)
    assert sum(sum(day.seconds.values()) for day in shown) <= (NOW - BEGIN).total_seconds()
    lost = len(told) + len(shown)  # fractions of a second, where a state or a day ends
    assert sum(sum(day.seconds.values()) for day in shown) >= (NOW - BEGIN).total_seconds() - lost


def test_it_goes_on_as_before_until_something_changes():
    shown = days([(NOW - timedelta(hours=1), "down")], "up", NOW, VIENNA)
    assert [day.bar.tone for day in shown] == ["ok"] * 89 + ["bad"]
    assert shown[-1].bar.title == "18 Nov: late or failed for 1 h"


def test_it_says_what_was_not_measured():
    assert days([], "unknown", NOW, VIENNA)[0].bar.title == "21 Aug: not measured"


KEPT = [(NOW - timedelta(hours=3), NOW - timedelta(hours=1))]


def test_it_shows_as_maintenance_what_was_late_under_maintenance():
    shown = days(
        [(NOW - timedelta(hours=2), "down"), (NOW - timedelta(hours=1), "up")], "up", NOW, VIENNA, KEPT
    )
    assert shown[-1].seconds == {"up": 7 * 3600, "maintenance": 2 * 3600}
    assert (shown[-1].bar.tone, shown[-1].bar.title) == ("maintained", "18 Nov: maintenance 2 h")
    assert (shown[-1].down, shown[-1].measured) == (0, 1)


def test_it_is_late_once_the_window_is_over():
    shown = days([(NOW - timedelta(hours=2), "down")], "up", NOW, VIENNA, KEPT)
    assert shown[-1].bar.tone == "bad"
    assert shown[-1].bar.title == "18 Nov: late or failed for 1 h, maintenance 2 h"


def test_it_says_that_nothing_but_maintenance_was_measured():
    shown = days([], "up", NOW, VIENNA, [(BEGIN, NOW)])
    assert shown[0].bar.title == "21 Aug: maintenance 1 day, nothing else measured"
    assert (shown[0].bar.tone, shown[0].measured) == ("maintained", 0)


@given(changes, st.integers(0, 89 * 86_400), st.integers(1, 86_400))
def test_it_takes_maintenance_from_no_other_day(told, start, lasts):
    kept = [(BEGIN + timedelta(seconds=start), BEGIN + timedelta(seconds=start + lasts))]
    shown = days(told, "up", NOW, VIENNA, kept)
    assert abs(sum(day.kept for day in shown) - lasts) <= len(told) + len(shown)


def test_it_is_not_green_where_most_of_a_day_was_not_measured():
    shown = days(
        [(BEGIN + timedelta(hours=3), "unknown"), (BEGIN + timedelta(hours=36), "up")], "up", NOW, VIENNA
    )
    assert [day.bar.tone for day in shown[:3]] == ["unknown", "ok", "ok"]
    assert shown[0].bar.title == "21 Aug: not measured for 21 h"
    assert [day.measured for day in shown[:3]] == [3 / 24, 0.5, 1]
