"""Put a backup in place of the data folder's database. All or nothing; the old data stays beside the new."""

import fcntl
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from opsconsole.lib import clock

PARTS = {"console.sqlite3", "secret.key"}


class Command(BaseCommand):
    help = "Restore a file made by `backup` into the data folder (the console must be stopped)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This console is on PostgreSQL: use pg_restore.")
        connection.close()
        folder = Path(settings.DATA_DIR)
        if Path(settings.DATABASES["default"]["NAME"]) != folder / "console.sqlite3":
            raise CommandError(
                f"DATABASE_URL names another database than the one in {folder}, where a backup is put; unset it first."
            )
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "console.lock").open("w") as lock, tempfile.TemporaryDirectory(dir=folder) as draft:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(f"A console is running on {folder}; stop it first.") from None
            unpack(options["file"], Path(draft))
            verify(Path(draft) / "console.sqlite3")
            kept = swap(Path(draft), folder)
        if any(kept.iterdir()):
            self.stdout.write(f"Restored. The data from before is in {kept}.")
        else:
            kept.rmdir()
            self.stdout.write("Restored; there was nothing here before.")


def unpack(archive: Path, into: Path) -> None:
    """Raises CommandError for a file that is missing, truncated, or not a backup of ours."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            members = opened.getmembers()
            names = {member.name for member in members}
            if not {"console.sqlite3"} <= names <= PARTS or not all(map(tarfile.TarInfo.isfile, members)):
                raise CommandError(f"{archive} is not a backup of this console.")
            for member in members:
                # By hand: the early releases of Python 3.11 know no filter for `extractall`.
                _write(opened.extractfile(member), into / member.name)
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise CommandError(f"{archive} cannot be read as a backup: {error}.") from None


def _write(source: IO[bytes] | None, target: Path) -> None:
    assert source, "a member that is a file can be read"
    with target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    target.chmod(0o600)


def verify(database: Path) -> None:
    """Raises CommandError for a database that is damaged, or that a newer console has written."""
    opened = sqlite3.connect(database)
    try:
        (answer,) = opened.execute("PRAGMA integrity_check").fetchone()
        applied = opened.execute("SELECT app, name FROM django_migrations").fetchall()
    except sqlite3.DatabaseError as error:
        raise CommandError(f"The database in the backup is damaged: {error}. Nothing was changed.") from None
    finally:
        opened.close()
    if answer != "ok":
        raise CommandError(f"The database in the backup is damaged: {answer}. Nothing was changed.")
    if not _ours(applied) <= MigrationLoader(None).disk_migrations.keys():
        raise CommandError(
            "A newer version of the console has made this backup; install that one first. Nothing was changed."
        )


def _ours(applied: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Our own migrations never vanish; those of packages may, when they are summed up."""
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    return {(label, name) for label, name in applied if label in ours}


def swap(draft: Path, folder: Path) -> Path:
    """Wherever this is killed, there is a whole database, the old or the new one; run again, it puts the new one in place."""
    kept = folder / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    kept.mkdir()
    _fold_log(folder / "console.sqlite3")
    for name in ("console.sqlite3-wal", "console.sqlite3-shm"):  # left by a database that cannot be read
        if (folder / name).exists():
            (folder / name).rename(kept / name)
    for name in ("secret.key", "console.sqlite3"):
        if (folder / name).exists() and (draft / name).exists():
            (kept / name).hardlink_to(folder / name)
        if (draft / name).exists():
            (draft / name).replace(folder / name)
    return kept


def _is_sqlite(database: Path) -> bool:
    """SQLite itself would throw the log of any other file away."""
    with database.open("rb") as opened:
        return opened.read(16) == b"SQLite format 3\0"


def _fold_log(database: Path) -> None:
    """What was written last stands in a file of its own: into the database with it, which then is one file.

    Beside another database the log would be read as that one's.
    """
    if database.exists() and _is_sqlite(database):
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
