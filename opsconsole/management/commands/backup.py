"""One file with everything the embedded console knows, taken while it runs."""

import sqlite3
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from opsconsole.lib import clock


class Command(BaseCommand):
    help = "Write one compressed file with the database and the secret key (embedded console)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", help="the file to write; default: backups/ in the data folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This console is on PostgreSQL: use pg_dump, and keep SECRET_KEY.")
        if not Path(settings.DATABASES["default"]["NAME"]).exists():
            raise CommandError(
                f"There is no console in {settings.DATA_DIR}; OPSCONSOLE_DATA_DIR names another folder."
            )
        target = Path(options["to"]) if options["to"] else default_target(clock.now())
        if target.exists():
            raise CommandError(f"{target} exists; choose another name, a backup never overwrites.")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(
                f"There is no new backup, and the earlier ones are as they were: {error}."
            ) from None
        self.stdout.write(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
        if not holds_key():
            self.stdout.write(
                "SECRET_KEY comes from the environment and is not in the file: keep it as well."
            )


def holds_key() -> bool:
    """Whether the key in the data folder is the one that the console uses."""
    key = Path(settings.DATA_DIR) / "secret.key"
    return key.exists() and key.read_text().strip() == settings.SECRET_KEY


def default_target(now: datetime) -> Path:
    return Path(settings.DATA_DIR) / "backups" / f"console-{now:%Y%m%d-%H%M%S}.tar.gz"


def write(target: Path) -> None:
    """Into a temporary file first, renamed when whole: a full disk leaves the earlier backups as they were."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy, draft = Path(folder) / "console.sqlite3", Path(folder) / "draft.tar.gz"
        with sqlite3.connect(copy) as into, sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source:
            source.backup(into)
        into.close()
        source.close()
        with tarfile.open(draft, "w:gz", compresslevel=6) as archive:
            archive.add(copy, "console.sqlite3")
            if (key := Path(settings.DATA_DIR) / "secret.key").exists():
                archive.add(key, "secret.key")
        draft.chmod(0o600)
        draft.rename(target)
