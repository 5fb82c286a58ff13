"""Pings become runs: pairs, overlaps, retries, and ends that nobody began."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.heartbeats.models import Ping, Run
from monitoring.heartbeats.runs import is_open, told
from monitoring.heartbeats.schedules import UNRELATED

T = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
A, B = UUID(int=1), UUID(int=2)


def ping(kind: str, minutes: float = 0, rid: UUID | None = None, pk: int = 0, **fields) -> Ping:
    at = T + timedelta(minutes=minutes)
    return Ping(pk=pk or int(minutes * 60) + 1, heartbeat_id=1, at=at, kind=kind, rid=rid, **fields)


def folded(*pings: Ping) -> list[Run]:
    runs: list[Run] = []
    for one in pings:
        told(one, runs, UNRELATED)
    return runs


def shape(runs: list[Run]) -> list[tuple[str, float | None]]:
    return [(run.outcome, run.seconds) for run in runs]


def test_it_pairs_a_start_with_its_end():
    assert shape(folded(ping("start"), ping("success", 5))) == [("success", 300)]


def test_it_keeps_an_end_that_nobody_began():
    assert shape(folded(ping("success"))) == [("success", None)]


def test_it_tells_overlapping_runs_apart_by_their_run_id():
    runs = folded(ping("start", 0, A), ping("start", 1, B), ping("success", 3, B), ping("fail", 10, A))
    assert shape(runs) == [("fail", 600), ("success", 120)]
    assert [run.overlapped for run in runs] == [False, True]


def test_it_closes_the_newest_open_run_when_no_id_is_given():
    assert shape(folded(ping("start", 0), ping("start", 1), ping("success", 2))) == [
        ("running", None),
        ("success", 60),
    ]


def test_it_closes_a_run_with_an_id_by_an_end_without_but_gives_no_duration():
    assert shape(folded(ping("start", 0, A), ping("success", 2))) == [("success", None)]


def test_it_leaves_a_run_open_when_another_id_ends():
    assert shape(folded(ping("start", 0, A), ping("success", 2, B))) == [("running", None), ("success", None)]


def test_it_ends_a_run_by_failure():
    run = folded(ping("start"), ping("fail", 1, exit_status=3, body="disk full"))[0]
    assert (run.outcome, run.exit_status, run.output) == ("fail", 3, "disk full")


def test_it_changes_nothing_by_a_note():
    assert folded(ping("log")) == []


def test_it_takes_a_start_of_four_days_ago_for_unrelated():
    runs = folded(ping("start", 0), ping("success", 72 * 60 + 1))
    assert shape(runs) == [("running", None), ("success", None)]


def test_it_still_pairs_at_exactly_72_hours():
    assert shape(folded(ping("start", 0), ping("success", 72 * 60))) == [("success", 72 * 3600)]


@pytest.mark.parametrize("kind", ["success", "fail"])
def test_it_takes_the_same_end_told_twice_for_one(kind):
    assert len(folded(ping("start", 0, A), ping(kind, 1, A), ping(kind, 1.5, A))) == 1


def test_it_takes_the_same_start_told_twice_for_one():
    assert shape(folded(ping("start", 0, A), ping("start", 0.1, A), ping("success", 1, A))) == [
        ("success", 60)
    ]


def test_it_bears_an_end_that_overtakes_its_start():
    assert shape(folded(ping("success", 1, A), ping("start", 1.01, A))) == [("success", None)]


def test_it_begins_another_run_when_an_id_is_used_again_a_day_later():
    day = 24 * 60
    runs = folded(
        *(ping(k, m, A) for k, m in [("start", 0), ("success", 1), ("start", day), ("success", day + 1)])
    )
    assert shape(runs) == [("success", 60), ("success", 60)]


def test_it_gives_no_duration_when_the_clock_went_back():
    assert shape(folded(ping("start", 0), ping("success", -60, pk=9))) == [("success", None)]


def test_it_keeps_the_tail_of_a_long_output():
    run = folded(ping("success", body="a" * 5000 + "the end"))[0]
    assert len(run.output) == 4000
    assert run.output.endswith("the end")


pings = st.lists(
    st.tuples(
        st.sampled_from(["start", "success", "fail", "log"]),
        st.sampled_from([None, A, B]),
        st.integers(0, 5000),
    ),
    max_size=30,
)


@given(pings)
def test_it_makes_at_most_one_run_of_a_ping_and_loses_no_end(story):
    came = [ping(kind, minute, rid, pk=n + 1) for n, (kind, rid, minute) in enumerate(story)]
    runs = folded(*came)
    assert len({run.opened_by for run in runs}) == len(runs) <= len(came)
    assert all(run.finished_at or is_open(run) for run in runs)
    assert all(run.seconds is None or run.seconds >= 0 for run in runs)
    if any(one.kind in ("success", "fail") for one in came):
        assert any(not is_open(run) for run in runs)


@given(pings, st.integers(0, 30))
def test_it_comes_to_the_same_when_it_is_stopped_between_two_pings(story, cut):
    came = [ping(kind, minute, rid, pk=n + 1) for n, (kind, rid, minute) in enumerate(story)]
    runs = folded(*came[:cut])
    for one in came[cut:]:
        told(one, runs, UNRELATED)
    assert shape(runs) == shape(folded(*came))
