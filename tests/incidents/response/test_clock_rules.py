"""The clocks: pure rules over fields and one `now`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.response.states import CALM, Clock, Status, clocks, next_look, relapses_after
from tests.conftest import NOW

minutes = st.integers(min_value=0, max_value=10_000).map(lambda m: NOW + timedelta(minutes=m))


@dataclass
class Fields:
    status: str = Status.OPEN
    impact_start: datetime = NOW
    opened_at: datetime = NOW
    acknowledge_due_at: datetime = NOW + timedelta(minutes=5)
    resolve_due_at: datetime = NOW + timedelta(hours=1)
    update_due_at: datetime | None = NOW + timedelta(minutes=30)
    update_minutes: int = 30
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    calm_at: datetime | None = None
    left_at: datetime | None = None
    relapses: int = 0


def named(fields: Fields) -> dict[str, Clock]:
    return {clock.name: clock for clock in clocks(fields)}


def test_it_wants_no_updates_before_somebody_has_it():
    assert set(named(Fields())) == {"acknowledge", "resolve"}


def test_it_wants_updates_while_somebody_works():
    assert "update" in named(Fields(status=Status.ACKNOWLEDGED, acknowledged_at=NOW))


def test_it_wants_no_updates_once_the_impact_is_over():
    assert "update" not in named(Fields(status=Status.ACKNOWLEDGED, acknowledged_at=NOW, mitigated_at=NOW))


def test_it_has_no_clocks_when_merged():
    assert named(Fields(status=Status.MERGED)) == {}


def test_it_is_in_time_at_the_very_second():
    clock = Clock("acknowledge", NOW, timedelta(minutes=5))
    assert not clock.is_late(NOW)
    assert clock.is_late(NOW + timedelta(microseconds=1))


def test_it_looks_again_at_the_nearest_target():
    assert next_look(Fields()) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.MERGED])
def test_it_looks_no_more_once_it_is_over(status):
    """Also where it waited for a calm time."""
    assert next_look(Fields(status=status, resolved_at=NOW, calm_at=NOW + CALM)) is None


def test_it_says_what_is_due():
    clock = named(Fields())["acknowledge"]
    assert clock.says(NOW + timedelta(minutes=1)) == "Acknowledge within 4 min"
    assert clock.says(NOW + timedelta(minutes=17)) == "Acknowledge was due 12 min ago"


def test_it_says_how_it_went():
    met = replace(named(Fields())["acknowledge"], stopped_at=NOW + timedelta(minutes=2))
    assert met.says(NOW + timedelta(days=1)) == "Acknowledged 3 min before its target"
    assert met.tone(NOW) == "ok"


@given(now=minutes, due=minutes)
def test_it_is_bad_exactly_when_late(now, due):
    clock = Clock("resolve", due, timedelta(hours=1))
    assert (clock.tone(now) == "bad") == (now > due)


@given(acknowledge=minutes, resolve=minutes, after=minutes)
def test_it_never_looks_back(acknowledge, resolve, after):
    look = next_look(Fields(acknowledge_due_at=acknowledge, resolve_due_at=resolve), after)
    assert look is None or look >= after


@given(st.lists(st.integers(min_value=0, max_value=3600), max_size=20))
def test_it_counts_only_failures_that_come_soon(pauses):
    count = 0
    for seconds in pauses:
        count = relapses_after(count, timedelta(seconds=seconds))
        assert count == 1 or seconds < CALM.total_seconds()
