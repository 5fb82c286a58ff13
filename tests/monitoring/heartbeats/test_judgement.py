"""When silence means down, and when it only means that we did not listen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.heartbeats.judgement import Gap, Listening, forgotten, look_again, overdue, reported, too_long
from monitoring.heartbeats.models import Heartbeat, Ping, Run

DUE = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DEADLINE = DUE + HOUR
NOW = DEADLINE + 10 * SECOND
LISTENING = Listening(NOW)


def beat(**fields) -> Heartbeat:
    given = {"status": Status.UP, "expected_at": DUE, "last_ping_at": DUE - timedelta(days=1), "grace": HOUR}
    return Heartbeat(pk=1, **given | fields)


def daily(**fields) -> Heartbeat:
    return beat(schedule="cron", cron="0 4 * * *", zone="Europe/Vienna", **fields)


def test_it_is_down_from_the_end_of_the_grace():
    found = overdue(beat(), LISTENING, NOW)
    assert found is not None
    assert (found.status, found.at, found.missed) == (Status.DOWN, DEADLINE, True)
    assert found.reason == (
        "Nothing came by 18 Nov 04:00 UTC: due 18 Nov 03:00 UTC, grace 1 h; last heard 17 Nov 03:00 UTC."
    )


def test_it_tells_times_in_the_zone_of_the_schedule():
    found = overdue(daily(), LISTENING, NOW)
    assert found is not None
    assert "due 18 Nov 04:00 CET" in found.reason


def test_it_waits_two_seconds_for_a_ping_on_its_way():
    listening = Listening(DEADLINE + 5 * SECOND)
    assert overdue(beat(), listening, DEADLINE + 2 * SECOND - timedelta(microseconds=1)) is None
    assert overdue(beat(), listening, DEADLINE + 2 * SECOND) is not None


@pytest.mark.parametrize("status", [Status.DOWN, Status.PAUSED])
def test_it_says_nothing_new_of_what_is_down_or_paused(status):
    assert overdue(beat(status=status), LISTENING, NOW) is None


def test_it_says_nothing_of_a_job_that_never_reported():
    assert overdue(beat(status=Status.UNKNOWN, expected_at=None), LISTENING, NOW) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (DUE - MINUTE, DUE + MINUTE),
        (DUE + MINUTE, DUE + 2 * MINUTE),
        (DEADLINE - MINUTE, DEADLINE + MINUTE),
        (DUE - HOUR, DUE - MINUTE),  # it came a little early, perhaps
        (DUE - HOUR, DEADLINE + SECOND),
    ],
)
def test_it_is_unknown_when_we_may_have_lost_a_ping(start, end):
    found = overdue(beat(), Listening(NOW, (Gap(start, end),)), NOW)
    assert found is not None
    assert found.status == Status.UNKNOWN
    assert "a ping may have been lost" in found.reason
    assert found.expected_at == max(end, DUE) + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [(DUE - 2 * HOUR, DUE - 5 * MINUTE), (DEADLINE, DEADLINE + 5 * SECOND)],
)
def test_it_is_down_when_the_gap_lies_elsewhere(start, end):
    found = overdue(beat(), Listening(NOW, (Gap(start, end),)), NOW)
    assert found is not None
    assert found.status == Status.DOWN


def test_it_expects_the_next_cron_time_after_a_gap():
    found = overdue(daily(), Listening(NOW, (Gap(DUE - MINUTE, DUE + MINUTE),)), NOW)
    assert found is not None
    assert found.expected_at == DUE + timedelta(days=1)


def test_it_waits_for_the_beat_of_the_listener():
    assert overdue(beat(), Listening(DEADLINE - SECOND), NOW) is None


def test_it_is_unknown_when_the_listener_is_gone():
    found = overdue(beat(), Listening(DEADLINE - 2 * MINUTE), NOW)
    assert found is not None
    assert (found.status, found.missed) == (Status.UNKNOWN, False)
    assert "has not been listening since 18 Nov 03:58 UTC" in found.reason


def test_it_says_nothing_new_of_what_is_unknown_while_the_listener_is_gone():
    assert overdue(beat(status=Status.UNKNOWN), Listening(DEADLINE - 2 * MINUTE), NOW) is None


def test_it_is_unknown_when_nobody_ever_listened():
    found = overdue(beat(), Listening(None), NOW)
    assert found is not None
    assert found.status == Status.UNKNOWN


def test_it_takes_failure_for_down_and_quotes_the_last_lines():
    found = reported(Ping(kind="fail", at=NOW, exit_status=3, body="dumping…\npg_dump: connection refused\n"))
    assert (found.status, found.at) == (Status.DOWN, NOW)
    assert found.reason == (
        "The job reported failure: exit status 3. It said: “dumping… / pg_dump: connection refused”"
    )


def test_it_tells_a_failure_without_a_status():
    assert reported(Ping(kind="fail", at=NOW)).reason == "The job reported failure: it called /fail."


def run(minutes_ago: float, outcome: str = "running") -> Run:
    return Run(outcome=outcome, started_at=NOW - timedelta(minutes=minutes_ago))


def test_it_is_down_when_a_run_takes_longer_than_it_may():
    found = too_long(run(20), beat(max_run_time=10 * MINUTE), LISTENING, NOW)
    assert found is not None
    assert (found.status, found.at) == (Status.DOWN, NOW - 10 * MINUTE)
    assert "is still going after 10 min" in found.reason


@pytest.mark.parametrize("outcome", ["long", "success"])
def test_it_says_so_once_a_run(outcome):
    assert too_long(run(20, outcome), beat(max_run_time=10 * MINUTE), LISTENING, NOW) is None


def test_it_lets_a_run_take_its_time_when_no_longest_is_set():
    assert too_long(run(2000), beat(), LISTENING, NOW) is None


def test_it_gives_no_verdict_on_a_run_whose_end_we_may_have_lost():
    gaps = (Gap(NOW - 15 * MINUTE, NOW - 13 * MINUTE),)
    found = too_long(run(20), beat(max_run_time=10 * MINUTE), Listening(NOW, gaps), NOW)
    assert found is not None
    assert found.status is None


def test_it_forgets_a_run_after_three_days():
    assert not forgotten(run(72 * 60), beat().plan, NOW)
    assert forgotten(run(72 * 60 + 1), beat().plan, NOW)
    assert not forgotten(run(72 * 60 + 1), beat(max_run_time=timedelta(days=4)).plan, NOW)


def test_it_looks_again_at_the_first_moment_that_matters():
    assert look_again(beat(), []) == DEADLINE + 2 * SECOND
    long = beat(max_run_time=10 * MINUTE)
    assert look_again(long, [run(55)]) == NOW - 45 * MINUTE + 2 * SECOND
    assert look_again(beat(status=Status.DOWN), []) is None


@given(
    after=st.integers(-7200, 7200),
    grace=st.integers(10, 7200),
    heard=st.integers(-7200, 7200),
    gap=st.none() | st.tuples(st.integers(-7200, 7200), st.integers(1, 3600)),
)
def test_it_is_never_down_before_the_grace_is_over_or_over_a_time_we_did_not_listen(after, grace, heard, gap):
    now, grace = DUE + after * SECOND, grace * SECOND
    until = min(now, DUE + heard * SECOND)
    gaps = (Gap(DUE + gap[0] * SECOND, DUE + (gap[0] + gap[1]) * SECOND),) if gap else ()
    found = overdue(beat(grace=grace), Listening(until, gaps), now)
    if found and found.status == Status.DOWN:
        assert now >= found.at == DUE + grace
        assert until >= found.at
        assert all(g.end <= DUE or g.start >= found.at for g in gaps)
