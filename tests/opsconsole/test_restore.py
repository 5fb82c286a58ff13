"""Putting a backup in place: whenever it is killed, a whole database is there."""

import shutil
import sqlite3
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest
from django.core.management import CommandError

from opsconsole.management.commands.restore import swap, verify


def database(path, said):
    """A database with one row that stands in its log only, as a console leaves it that was killed."""
    opened = sqlite3.connect(path)
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("CREATE TABLE note (said)")
    opened.execute("INSERT INTO note VALUES (?)", [said])
    opened.commit()
    return opened


def said(path):
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute("SELECT said FROM note").fetchone()[0]


@pytest.fixture
def folders(tmp_path):
    """The data folder with an old console, killed; and a draft with what comes in its place."""
    alive, folder, draft = (tmp_path / name for name in ("alive", "data", "draft"))
    alive.mkdir(), draft.mkdir()
    with closing(database(alive / "console.sqlite3", "old")):
        shutil.copytree(alive, folder)
    with closing(database(draft / "console.sqlite3", "new")) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    (folder / "secret.key").write_text("key of the old")
    (draft / "secret.key").write_text("key of the new")
    return folder, draft


def test_it_puts_the_new_in_place_and_keeps_the_old_whole(folders):
    folder, draft = folders
    kept = swap(draft, folder)
    assert (said(folder / "console.sqlite3"), said(kept / "console.sqlite3")) == ("new", "old")
    assert (kept / "secret.key").read_text() == "key of the old"
    assert not list(folder.glob("*-wal"))


@pytest.mark.parametrize("steps", range(6))
def test_it_leaves_a_whole_database_wherever_it_is_killed(folders, monkeypatch, steps):
    folder, draft = folders
    left = iter(range(steps))

    def killed_in_time(how):
        def step(*given):
            if next(left, None) is None:
                raise InterruptedError
            return how(*given)

        return step

    for name in ("rename", "replace", "hardlink_to"):
        monkeypatch.setattr(Path, name, killed_in_time(getattr(Path, name)))
    with suppress(InterruptedError):
        swap(draft, folder)
    assert said(folder / "console.sqlite3") in ("old", "new")


def test_it_lays_the_log_of_a_broken_database_aside(folders):
    folder, draft = folders
    for name in ("console.sqlite3", "console.sqlite3-wal"):
        (folder / name).write_bytes(b"no database at all" * 300)
    kept = swap(draft, folder)
    assert said(folder / "console.sqlite3") == "new"
    assert (kept / "console.sqlite3-wal").exists()


@pytest.mark.parametrize(
    ("applied", "refused"),
    [
        (("response", "0001_initial"), False),
        (("response", "9999_of_next_year"), True),
        (("axes", "0000_since_summed_up"), False),
        (("gone", "0001_initial"), False),
    ],
)
def test_it_refuses_what_a_newer_console_has_written(tmp_path, applied, refused):
    with closing(database(tmp_path / "console.sqlite3", "new")) as opened:
        opened.execute("CREATE TABLE django_migrations (app, name)")
        opened.execute("INSERT INTO django_migrations VALUES (?, ?)", applied)
        opened.commit()
    with pytest.raises(CommandError, match="A newer version") if refused else nullcontext():
        verify(tmp_path / "console.sqlite3")
