"""/healthz and /readyz: what machines are told."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from opsconsole import schedule
from opsconsole.health.models import SweepRun
from opsconsole.health.selectors import readiness
from opsconsole.health.services import sweep_ran, sweeps_announce
from opsconsole.health.watches import watches
from opsconsole.lib import redis
from opsconsole.lib.sweeps import sweeps

pytestmark = pytest.mark.django_db
TABLE = {"health.audit": timedelta(minutes=1)}


def test_it_lives_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_it_lives_without_a_database_also_for_somebody_signed_in(
    signed_in, viewer, django_assert_num_queries
):
    client = signed_in(viewer)
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_it_says_that_it_takes_no_post(address):
    answer = Client(enforce_csrf_checks=True).post(address)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_it_is_ready_when_the_sweeps_ran(client, frozen, now):
    sweeps_announce(table=TABLE)
    sweep_ran(sweep="health.audit", now=now)
    assert client.get("/readyz").json() == {
        "status": "ready",
        "checks": {"database": "ok", "disk": "ok", "broker": "ok", "sweeps": "ok"},
    }


def test_it_is_not_ready_before_any_sweep(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "engine" in answer.json()["checks"]["sweeps"]


def test_it_names_the_sweep_that_is_late(client, frozen, now):
    sweeps_announce(table=TABLE)
    sweep_ran(sweep="health.audit", now=now - timedelta(minutes=5))
    assert client.get("/readyz").json()["checks"]["sweeps"] == "late: health.audit"


def test_it_gives_a_sweep_that_never_ran_its_time(client, frozen):
    sweeps_announce(table={"health.audit": timedelta(hours=1)})
    assert client.get("/readyz").status_code == 200
    frozen.shift(timedelta(hours=4))
    assert client.get("/readyz").json()["checks"]["sweeps"] == "late: health.audit"


def test_it_is_not_ready_while_a_sweep_fails_every_time(client, frozen, now):
    sweeps_announce(table=TABLE)
    for minute in range(4):
        sweep_ran(sweep="health.audit", now=now + timedelta(minutes=minute), error="ValueError: no")
    frozen.shift(timedelta(minutes=4))
    assert client.get("/readyz").json()["checks"]["sweeps"] == "late: health.audit"


def test_it_says_that_its_folder_is_away(settings, now):
    settings.DATA_DIR = "/nowhere/at/all"
    (disk,) = [one for one in readiness(now) if one.name == "disk"]
    assert disk.well == (connection.vendor != "sqlite"), "the disk of a server is not ours to see"
    assert disk.well or disk.sentence == "cannot be reached (FileNotFoundError)"


def test_it_does_not_believe_a_run_in_the_future(client, frozen, now):
    sweeps_announce(table=TABLE)
    sweep_ran(sweep="health.audit", now=now + timedelta(days=1))
    assert client.get("/readyz").json()["checks"]["sweeps"] == "late: health.audit"


def test_it_says_that_the_database_is_away(client):
    asked = []

    def away(_execute, sql, *_others):
        asked.append(sql)
        raise OperationalError("couldn't get a connection after 5.00 sec")

    with connection.execute_wrapper(away):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "cannot be reached (OperationalError)"
    assert len(asked) == 1, "each question takes seconds until it is given up"


@pytest.mark.django_db(transaction=True)
def test_it_says_that_another_process_keeps_the_database_locked(client, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("a server lets in many writers")
    monkeypatch.setattr("opsconsole.health.selectors.PATIENCE_IN_LINE", 1)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "is locked" in client.get("/readyz").json()["checks"]["database"]
    assert client.get("/readyz").json()["checks"]["database"] == "ok"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_it_says_that_the_broker_is_away(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis.client.cache_clear()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["checks"]["broker"]


def test_it_forgets_sweeps_that_left_the_table():
    sweeps_announce(table=TABLE)
    sweeps_announce(table={})
    assert not SweepRun.objects.exists()


def test_it_schedules_every_sweep_that_exists():
    assert {name for name, _ in sweeps.items()} == set(schedule.TABLE)


def test_it_bears_an_interval_that_two_wrote_at_once():
    IntervalSchedule.objects.create(every=60, period=IntervalSchedule.SECONDS)
    IntervalSchedule.objects.create(every=60, period=IntervalSchedule.SECONDS)
    schedule.sync()
    assert PeriodicTask.objects.get(name="health.audit").interval.every == 60


def test_it_takes_from_beat_what_left_the_table():
    schedule.sync()
    PeriodicTask.objects.filter(name="health.audit").update(name="health.gone")
    schedule.sync()
    kept = PeriodicTask.objects.filter(task=schedule.TASK).values_list("name", flat=True)
    assert set(kept) == set(schedule.TABLE)


def test_it_gives_a_worker_ten_seconds_to_take_what_beat_asks_for():
    schedule.sync()
    patience = PeriodicTask.objects.filter(task=schedule.TASK).values_list("expire_seconds", flat=True)
    assert min(patience) == 10


def test_it_keeps_a_sweep_that_an_operator_switched_off():
    schedule.sync()
    PeriodicTask.objects.filter(name="health.audit").update(enabled=False)
    schedule.sync()
    assert not PeriodicTask.objects.get(name="health.audit").enabled


@pytest.mark.parametrize(("free", "ready", "watched"), [(4, False, 1), (100, True, 1), (300, True, 0)])
def test_it_says_how_little_of_the_disk_is_free(monkeypatch, now, free, ready, watched):
    if connection.vendor != "sqlite":
        pytest.skip("the disk of a server is not ours to see")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free * 1e6))
    (disk,) = [one for one in readiness(now) if one.name == "disk"]
    assert (disk.well, disk.sentence.startswith(f"Only {free} MB are free")) == (ready, not ready)
    assert watches["disk"](now).count == watched
