"""What checklists ask about the console's own machine."""

import os
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection

from opsconsole.health.models import SweepRun
from opsconsole.health.services import sweeps_announce
from opsconsole.measures.checks import checks

Disk = namedtuple("Disk", "total used free")


def look(slug, now):
    return checks[f"health.{slug}"].evidence(now)


@pytest.mark.parametrize(("free", "verdict"), [(15, "ok"), (14, "look"), (5, "look"), (4, "bad")])
def test_it_judges_the_room_on_the_disk(now, monkeypatch, free, verdict):
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(100e9, 100e9 - free * 1e9, free * 1e9))
    found = look("disk_space", now)
    assert (found.verdict, found.value) == (verdict, f"{free} %")
    assert f"{free}.0 of 100.0 GB free" in found.detail


def test_it_does_not_call_fine_a_disk_that_cannot_be_read(now, settings):
    settings.DATA_DIR = "/nowhere/at/all"
    assert look("disk_space", now).verdict == "unknown"


@pytest.fixture
def backup(settings, now):
    """`backup(hours)` is a backup of so many hours ago."""

    def make(hours):
        at = now - timedelta(hours=hours)
        folder = settings.DATA_DIR / "backups"
        folder.mkdir(exist_ok=True)
        file = folder / f"console-{at:%Y%m%d-%H%M%S}.tar.gz"
        file.write_bytes(b"x" * 200_000)
        os.utime(file, (at.timestamp(), at.timestamp()))

    return make


@pytest.mark.skipif("connection.vendor != 'sqlite'")
class TestBackup:
    @pytest.mark.parametrize(("hours", "verdict"), [(26, "ok"), (27, "bad")])
    def test_it_judges_the_age_of_the_newest(self, now, backup, hours, verdict):
        backup(200)
        backup(hours)
        found = look("own_backup", now)
        assert (found.verdict, found.detail[-6:]) == (verdict, "0.2 MB")

    def test_it_knows_nothing_without_one(self, now):
        assert look("own_backup", now).verdict == "unknown"
        assert "manage.py backup" in look("own_backup", now).detail


def test_it_does_not_look_for_files_on_another_database(now, backup, monkeypatch):
    backup(1)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert (look("own_backup", now).verdict, look("own_backup", now).value) == ("unknown", "–")


@pytest.mark.django_db
def test_it_calls_late_work_by_what_it_does(now):
    sweeps_announce(table={"accounts.tidy": timedelta(hours=24)})
    SweepRun.objects.update(announced_at=now - timedelta(days=9))
    found = look("sweeps_on_time", now)
    assert (found.verdict, found.value) == ("bad", "0 of 1")
    assert found.detail == "late: Remove sessions that are over and old records of sign-ins"
