"""What people may do with heartbeats."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services import heartbeats, pauses, removals
from monitoring.heartbeats.states import Schedule
from monitoring.heartbeats.tasks import fold_and_judge
from tests.monitoring import make

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def create(actor, now, **fields) -> Heartbeat:
    return heartbeats.heartbeat_create(actor=actor, now=now, **{"name": "Backup"} | fields)


def update(actor, beat, now, **fields) -> Heartbeat:
    names = ("service", "name", "slug", "schedule", "period", "cron", "zone", "grace", "max_run_time")
    given = {name: getattr(beat, name) for name in names} | fields
    return heartbeats.heartbeat_update(actor=actor, heartbeat=beat, now=now, **given)


def heard(now, **fields) -> Heartbeat:
    beat = make.heartbeat(**fields)
    make.ping(beat, now)
    fold_and_judge(now)
    return beat


def test_it_creates_a_heartbeat_that_waits(manager, now):
    beat = create(manager, now)
    assert (beat.slug, beat.status, beat.service.name, beat.due_at) == ("backup", "unknown", "Jobs", None)


def test_it_gives_each_a_slug_of_its_own(manager, now):
    assert [create(manager, now).slug for _ in range(3)] == ["backup", "backup-2", "backup-3"]


def test_it_takes_a_name_without_any_letter(manager, now):
    assert create(manager, now, name="备份").slug == "job"


def test_it_refuses_a_slug_that_is_taken(manager, now):
    create(manager, now)
    with pytest.raises(ValidationError) as refused:
        create(manager, now, slug="backup")
    assert "slug" in refused.value.message_dict


def test_it_refuses_a_slug_that_somebody_takes_at_the_same_moment(manager, now, monkeypatch):
    save, other = Heartbeat.save, make.heartbeat("Other")

    def behind_another(beat):
        Heartbeat.objects.filter(pk=other.pk).update(slug=beat.slug)
        save(beat)

    monkeypatch.setattr(Heartbeat, "save", behind_another)
    with pytest.raises(ValidationError) as refused:
        create(manager, now)
    assert "slug" in refused.value.message_dict


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("cron", {"schedule": Schedule.CRON, "cron": "0 0 31 2 *"}),
        ("cron", {"schedule": Schedule.CRON, "cron": "every day"}),
        ("zone", {"schedule": Schedule.CRON, "cron": "0 3 * * *", "zone": "Mars/Olympus"}),
        ("period", {"period": timedelta(seconds=9)}),
        ("grace", {"grace": timedelta(days=400)}),
        ("max_run_time", {"max_run_time": timedelta(seconds=1)}),
    ],
)
def test_it_refuses_what_cannot_be_kept(manager, now, field, fields):
    with pytest.raises(ValidationError) as refused:
        create(manager, now, **fields)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    "act",
    [pauses.heartbeat_pause, pauses.heartbeat_resume, removals.heartbeat_remove, removals.heartbeat_restore],
)
def test_it_lets_only_managers_act(responder, now, act):
    beat = make.heartbeat()
    with pytest.raises(PermissionDenied):
        act(actor=responder, heartbeat=beat, now=now)
    with pytest.raises(PermissionDenied):
        create(responder, now)
    with pytest.raises(PermissionDenied):
        update(responder, beat, now)


def test_it_judges_nothing_while_it_is_paused(manager, now):
    beat = pauses.heartbeat_pause(actor=manager, heartbeat=heard(now), now=now)
    make.listening(now + 3 * DAY)
    fold_and_judge(now + 3 * DAY)
    beat.refresh_from_db()
    assert (beat.status, beat.due_at) == (Status.PAUSED, None)
    assert not StatusChange.objects.filter(new="down").exists()


def test_it_counts_from_the_moment_it_is_resumed(manager, now):
    beat = pauses.heartbeat_pause(actor=manager, heartbeat=heard(now), now=now)
    beat = pauses.heartbeat_resume(actor=manager, heartbeat=beat, now=now + 3 * DAY)
    assert (beat.status, beat.expected_at) == (Status.UNKNOWN, now + 4 * DAY)
    make.listening(now + 5 * DAY)
    fold_and_judge(now + 5 * DAY)
    beat.refresh_from_db()
    assert beat.status == Status.DOWN


def test_it_does_not_expect_one_that_never_reported(manager, now):
    beat = pauses.heartbeat_pause(actor=manager, heartbeat=make.heartbeat(), now=now)
    beat = pauses.heartbeat_resume(actor=manager, heartbeat=beat, now=now)
    assert (beat.status, beat.due_at) == (Status.UNKNOWN, None)


def test_it_pauses_once(manager, now):
    beat = make.heartbeat()
    for _ in range(2):
        beat = pauses.heartbeat_pause(actor=manager, heartbeat=beat, now=now)
    assert StatusChange.objects.count() == 1


def test_it_expects_anew_when_the_schedule_changes(manager, now):
    beat = update(manager, heard(now), now + HOUR, period=2 * HOUR)
    assert (beat.expected_at, beat.due_at) == (now + 2 * HOUR, now + 3 * HOUR + timedelta(seconds=2))


def test_it_makes_nobody_late_by_a_schedule_that_was_not_there(manager, now):
    later = now + 20 * HOUR
    beat = update(manager, heard(now), later, period=HOUR, grace=MINUTE)
    assert (beat.status, beat.expected_at) == (Status.UP, later + HOUR)


def test_it_takes_back_a_miss_when_the_schedule_was_wrong(manager, now):
    beat = heard(now)
    make.listening(now + 2 * DAY)
    fold_and_judge(now + 2 * DAY)
    beat = update(manager, beat, now + 2 * DAY, period=7 * DAY)
    assert (beat.status, beat.expected_at) == (Status.UNKNOWN, now + 7 * DAY)


def test_it_keeps_a_failure_whatever_the_schedule(manager, now):
    beat = heard(now)
    make.ping(beat, now + MINUTE, "fail")
    fold_and_judge(now + MINUTE)
    assert update(manager, beat, now + HOUR, period=7 * DAY).status == Status.DOWN


def test_it_brings_back_what_was_removed(manager, now):
    beat = heard(now)
    removals.heartbeat_remove(actor=manager, heartbeat=beat, now=now)
    assert not Heartbeat.objects.live().exists()
    other = create(manager, now, name="Nightly backup")
    back = removals.heartbeat_restore(actor=manager, heartbeat=beat, now=now)
    assert (other.slug, back.slug) == ("nightly-backup", "nightly-backup-2")
    assert (back.key, back.status, back.removed_at) == (beat.key, Status.UNKNOWN, None)


def test_it_restores_a_long_short_name_as_it_was(manager, now):
    beat = make.heartbeat(slug="a" * 80)
    removals.heartbeat_remove(actor=manager, heartbeat=beat, now=now)
    assert removals.heartbeat_restore(actor=manager, heartbeat=beat, now=now).slug == "a" * 80


def test_it_restores_nothing_that_is_there(manager, now):
    beat = heard(now)
    assert removals.heartbeat_restore(actor=manager, heartbeat=beat, now=now).status == Status.UP


def test_it_shares_the_service_that_another_makes_at_the_same_moment(manager, now, monkeypatch):
    create(manager, now)
    monkeypatch.setattr(QuerySet, "first", lambda _rows: None)
    assert create(manager, now, slug="second").service.name == "Jobs"
