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


def test_it_is_not_green_where_most_of_a_day_was_not_measured():
    shown = days(
        [(BEGIN + timedelta(hours=3), "unknown"), (BEGIN + timedelta(hours=36), "up")], "up", NOW, VIENNA
    )
    assert [day.bar.tone for day in shown[:3]] == ["unknown", "ok", "ok"]
    assert shown[0].bar.title == "21 Aug: not measured for 21 h"
    assert [day.measured for day in shown[:3]] == [3 / 24, 0.5, 1]
