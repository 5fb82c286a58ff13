"""Putting a backup in place: whenever it is killed, a whole database is there."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from opsconsole.management.commands.restore import swap


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
    folder, draft = tmp_path / "data", tmp_path / "draft"
    for place, word in ((tmp_path / "alive", "old"), (folder, ""), (draft, "new")):
        place.mkdir()
        (place / "secret.key").write_text(f"key of the {word or 'old'}")
        if word:
            opened = database(place / "console.sqlite3", word)
    with closing(opened):
        opened.execute("PRAGMA journal_mode=DELETE")
    for file in (tmp_path / "alive").glob("console*"):
        (folder / file.name).write_bytes(file.read_bytes())
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
