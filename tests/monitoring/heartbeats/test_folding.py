"""From the inbox to runs, states and durable records; the same however often and wherever it is cut."""

from datetime import timedelta
from uuid import UUID

import pytest

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from monitoring.heartbeats import folding
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.tasks import fold_and_judge
from opsconsole.health.models import Gap
from opsconsole.lib.calendars import BadSchedule
from tests.monitoring import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def beat(team):
    return make.heartbeat()


def changes() -> list[tuple[str, str]]:
    return list(StatusChange.objects.order_by("pk").values_list("old", "new"))


def test_it_takes_the_first_report_for_up(beat, now):
    make.ping(beat, now)
    assert fold_and_judge(now) == 1
    beat.refresh_from_db()
    assert (beat.status, beat.status_since, beat.last_ping_at) == (Status.UP, now, now)
    assert (beat.expected_at, beat.due_at) == (now + DAY, now + DAY + HOUR + timedelta(seconds=2))
    assert changes() == [("unknown", "up")]


def test_it_folds_a_ping_once(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    assert fold_and_judge(now) == 0
    assert Run.objects.count() == StatusChange.objects.count() == 1


def test_it_calls_nobody_silent_whose_report_is_not_folded_yet(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    later = now + DAY + 2 * HOUR
    make.ping(beat, later - HOUR - MINUTE)
    assert folding.overdue_judge(now=later) == 1
    beat.refresh_from_db()
    assert (beat.status, beat.due_at > later) == (Status.UP, True)


def test_it_does_not_count_a_start_as_a_report(beat, now):
    make.ping(beat, now, "start")
    fold_and_judge(now)
    beat.refresh_from_db()
    assert (beat.status, beat.last_ping_at, beat.running_since) == (Status.UNKNOWN, None, now)


def test_it_keeps_the_duration_of_a_run_that_ends_in_another_sweep(beat, now):
    make.ping(beat, now, "start")
    fold_and_judge(now)
    make.ping(beat, now + 5 * MINUTE)
    fold_and_judge(now + 5 * MINUTE)
    beat.refresh_from_db()
    assert (beat.running_since, beat.recent_seconds) == (None, [300.0])
    assert Run.objects.get().seconds == 300


def test_it_changes_nothing_by_a_note(beat, now):
    make.ping(beat, now, "log", body="half way")
    fold_and_judge(now)
    beat.refresh_from_db()
    assert beat.status == Status.UNKNOWN
    assert not Run.objects.exists()


def test_it_records_each_change_with_its_own_time(beat, now):
    for minute, kind in enumerate(["success", "fail", "fail", "success"]):
        make.ping(beat, now + minute * MINUTE, kind)
    fold_and_judge(now + HOUR)
    assert changes() == [("unknown", "up"), ("up", "down"), ("down", "up")]
    down = StatusChange.objects.get(new="down")
    assert (down.at, down.noticed_at, down.source) == (now + MINUTE, now + HOUR, f"heartbeat:{beat.pk}")
    assert down.evidence_url == f"/monitoring/heartbeats/{beat.pk}/"


def test_it_shows_the_newest_reason_of_a_failure(beat, now):
    make.ping(beat, now, "fail", exit_status=1)
    make.ping(beat, now + MINUTE, "fail", exit_status=2)
    fold_and_judge(now + MINUTE)
    beat.refresh_from_db()
    assert "exit status 2" in beat.status_reason


def test_it_goes_down_at_the_end_of_the_grace_however_late_we_look(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    make.listening(now + 3 * DAY)
    fold_and_judge(now + 3 * DAY)
    change = StatusChange.objects.get(new="down")
    assert change.at == now + DAY + HOUR
    assert Run.objects.get(outcome="missed").finished_at == now + DAY + HOUR


def test_it_goes_down_once(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    make.listening(now + 3 * DAY)
    for days in (2, 2, 3):
        fold_and_judge(now + days * DAY)
    assert changes() == [("unknown", "up"), ("up", "down")]
    assert Run.objects.filter(outcome="missed").count() == 1


def test_it_finds_a_silence_that_ended_before_anybody_looked(beat, now):
    make.ping(beat, now)
    make.ping(beat, now + 3 * DAY)
    fold_and_judge(now + 3 * DAY)
    assert changes() == [("unknown", "up"), ("up", "down"), ("down", "up")]
    assert StatusChange.objects.get(new="down").at == now + DAY + HOUR


def test_it_comes_to_the_same_whether_it_looked_or_not(team, now):
    looked, slept = make.heartbeat("Looked"), make.heartbeat("Slept")
    moments = [timedelta(), DAY, 3 * DAY, 3 * DAY + HOUR, 6 * DAY]
    for moment in moments:
        make.listening(now + moment)
        fold_and_judge(now + moment)
        make.ping(looked, now + moment)
        fold_and_judge(now + moment)
    for moment in moments:
        make.ping(slept, now + moment)
    fold_and_judge(now + 6 * DAY)
    seen = [
        list(StatusChange.objects.filter(title=name).order_by("pk").values_list("old", "new", "at"))
        for name in ("Looked", "Slept")
    ]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 5


def test_it_folds_what_came_before_it_judges(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    make.ping(beat, now + DAY + HOUR)  # at the very end of the grace
    make.listening(now + DAY + 2 * HOUR)
    fold_and_judge(now + DAY + 2 * HOUR)
    assert changes() == [("unknown", "up")]


def test_it_is_unknown_after_a_gap_of_ours_and_down_when_the_next_one_fails_too(beat, now):
    make.ping(beat, now)
    fold_and_judge(now)
    Gap.objects.create(part="listener", start=now + DAY - MINUTE, end=now + DAY + 30 * MINUTE)
    make.listening(now + 3 * DAY)
    fold_and_judge(now + DAY + 2 * HOUR)
    beat.refresh_from_db()
    assert (beat.status, beat.expected_at) == (Status.UNKNOWN, now + 2 * DAY + 30 * MINUTE)
    assert beat.last_outcome == "success"
    fold_and_judge(now + 3 * DAY)
    assert changes() == [("unknown", "up"), ("up", "unknown"), ("unknown", "down")]


def test_it_does_not_page_for_a_suspended_machine(team, now):
    beats = [make.heartbeat(f"Job {n}", period=5 * MINUTE, grace=MINUTE) for n in range(20)]
    for beat in beats:
        make.ping(beat, now)
    make.listening(now)
    fold_and_judge(now)
    fold_and_judge(now + 30 * MINUTE)  # the sweep wakes before the listener's first beat
    Gap.objects.create(part="listener", start=now, end=now + 30 * MINUTE)
    make.listening(now + 30 * MINUTE)
    fold_and_judge(now + 31 * MINUTE)
    assert not StatusChange.objects.filter(new="down").exists()
    for beat in beats:
        make.ping(beat, now + 33 * MINUTE)
    fold_and_judge(now + 33 * MINUTE)
    assert changes()[-20:] == [("unknown", "up")] * 20


def test_it_is_down_when_a_run_takes_too_long_and_up_when_it_ends(team, now):
    beat = make.heartbeat(max_run_time=10 * MINUTE)
    make.ping(beat, now - DAY)
    make.ping(beat, now, "start")
    make.listening(now + HOUR)
    fold_and_judge(now)
    fold_and_judge(now + 11 * MINUTE)
    assert StatusChange.objects.get(new="down").at == now + 10 * MINUTE
    assert Run.objects.filter(outcome="long").count() == 1
    make.ping(beat, now + 20 * MINUTE)
    fold_and_judge(now + 20 * MINUTE)
    beat.refresh_from_db()
    assert (beat.status, beat.recent_seconds) == (Status.UP, [1200.0])


def test_it_still_says_failed_when_it_cannot_tell_whether_another_run_is_too_long(team, now):
    beat = make.heartbeat(max_run_time=10 * MINUTE)
    make.ping(beat, now - HOUR, "start", rid=UUID(int=1))
    make.ping(beat, now - 59 * MINUTE, "fail", rid=UUID(int=2))
    Gap.objects.create(part="listener", start=now - 58 * MINUTE, end=now - 55 * MINUTE)
    make.listening(now)
    fold_and_judge(now)
    beat.refresh_from_db()
    assert (beat.status, beat.last_outcome) == (Status.DOWN, "fail")
    assert Run.objects.filter(outcome="long").count() == 1


def test_it_sees_an_older_run_that_hangs_behind_a_newer_one(team, now):
    beat = make.heartbeat(max_run_time=10 * MINUTE)
    make.ping(beat, now, "start", rid=UUID(int=1))
    make.ping(beat, now + MINUTE, "start", rid=UUID(int=2))
    make.ping(beat, now + 2 * MINUTE, "success", rid=UUID(int=2))
    make.listening(now + HOUR)
    fold_and_judge(now + 2 * MINUTE)
    fold_and_judge(now + 11 * MINUTE)
    beat.refresh_from_db()
    assert (beat.status, beat.running_since) == (Status.DOWN, now)


def test_it_gives_up_a_run_after_three_days(beat, now):
    make.ping(beat, now, "start")
    fold_and_judge(now)
    fold_and_judge(now + 3 * DAY + MINUTE)
    beat.refresh_from_db()
    assert (Run.objects.get().outcome, beat.running_since, beat.due_at) == ("lost", None, None)


def test_it_gives_up_the_oldest_of_very_many_open_runs(beat, now):
    for second in range(60):
        make.ping(beat, now + timedelta(seconds=second), "start")
    fold_and_judge(now + MINUTE)
    assert Run.objects.filter(outcome="running").count() == 50
    assert Run.objects.filter(outcome="lost").count() == 10


def test_it_leaves_what_is_paused_alone_but_keeps_its_runs(team, now):
    beat = make.heartbeat(status=Status.PAUSED)
    make.ping(beat, now, "fail")
    fold_and_judge(now)
    beat.refresh_from_db()
    assert beat.status == Status.PAUSED
    assert Run.objects.get().outcome == "fail"
    assert changes() == []


def test_it_follows_a_clock_that_was_set_back(beat, now):
    make.ping(beat, now + 2 * HOUR)
    make.ping(beat, now)
    fold_and_judge(now)
    beat.refresh_from_db()
    assert (beat.last_ping_at, beat.expected_at) == (now, now + DAY)


def test_it_leaves_nothing_behind_when_it_is_killed_in_a_batch(beat, now, monkeypatch):
    make.ping(beat, now, "start")
    make.ping(beat, now + MINUTE, "fail")

    def killed(_cases):
        keep(_cases)
        raise KeyboardInterrupt

    keep = folding._keep
    monkeypatch.setattr(folding, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        fold_and_judge(now + MINUTE)
    assert (Run.objects.count(), StatusChange.objects.count()) == (0, 0)
    monkeypatch.setattr(folding, "_keep", keep)
    fold_and_judge(now + MINUTE)
    assert [run.seconds for run in Run.objects.all()] == [60]
    assert changes() == [("unknown", "down")]


@pytest.fixture
def odd(team):
    """Its time zone is none of this machine's, as after a move to another."""
    return make.heartbeat("Odd", schedule="cron", cron="0 3 * * *", zone="Europe/Atlantis")


def test_it_goes_on_beside_a_job_whose_pings_it_cannot_fold(odd, beat, now):
    for sender in (odd, beat):
        make.ping(sender, now)
    with pytest.raises(BadSchedule):
        fold_and_judge(now)
    assert list(Ping.objects.filter(folded=False)) == list(odd.pings.all())
    assert list(Heartbeat.objects.filter(status=Status.UP)) == [beat]


def test_it_goes_on_beside_a_job_that_it_cannot_judge(odd, beat, now):
    fields = {
        "status": "up",
        "counted_from": now - 2 * DAY,
        "expected_at": now - DAY,
        "due_at": now - DAY + HOUR,
    }
    Heartbeat.objects.update(**fields)
    make.listening(now)
    with pytest.raises(BadSchedule):
        fold_and_judge(now)
    assert list(Heartbeat.objects.filter(status=Status.DOWN)) == [beat]


def test_it_folds_more_than_a_batch_in_order(team, now, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 7)
    beats = [make.heartbeat(f"Job {n}") for n in range(3)]
    for n in range(60):
        make.ping(beats[n % 3], now + n * MINUTE, "start" if n % 6 < 3 else "success")
    assert fold_and_judge(now + HOUR) == 60
    assert not Ping.objects.filter(folded=False).exists()
    assert set(Run.objects.values_list("outcome", "seconds")) == {("success", 180.0)}


def test_it_needs_the_same_few_queries_for_one_and_for_many(team, now, django_assert_max_num_queries):
    for n in range(40):
        beat = make.heartbeat(f"Job {n}", status=Status.UP, status_since=now)
        make.ping(beat, now, "start")
        make.ping(beat, now + MINUTE)
    with django_assert_max_num_queries(20):
        fold_and_judge(now + MINUTE)
