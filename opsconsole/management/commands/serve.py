"""The whole console by one command: what `make run` starts."""

import errno
import fcntl
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from opsconsole import parts
from opsconsole.forking import fork
from opsconsole.supervisor import become_supervisor, handed_over, start_over

OURS = Path(settings.BASE_DIR) / "opsconsole" / "ui" / "static"


class Command(BaseCommand):
    help = "Run the console: web and engine under one small supervisor, until Ctrl-C."
    requires_system_checks: "list[str]" = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        alive = handed_over()
        lock = alive.pop("lock", 0) or self.prepare(host, port)
        own_address(host, port)
        wanted: dict[str, Callable[[], None]] = {
            "web": partial(parts.web, host, port),
            "engine": parts.engine,
        }
        started = fork({name: run for name, run in wanted.items() if name not in alive})
        become_supervisor(lock, alive | started)

    def prepare(self, host: str, port: int) -> int:
        """What is done once for a start by hand. Returns the descriptor of the lock on the folder."""
        lock = claim_folder(settings.DATA_DIR)
        refuse_busy_port(host, port)
        changed = [migrate(), collect_static()]
        self.stdout.write(
            f"Ops Console is at http://{host}:{port} (data in {settings.DATA_DIR}; Ctrl-C ends it)"
        )
        self.stdout.flush()
        if any(changed):  # that has filled 20 MB, which web and engine would carry along
            start_over(lock)
        return lock


def claim_folder(folder: Path) -> int:
    """One console a folder: two would run two schedules. The lock goes with the processes, however they end."""
    try:
        lock = os.open(folder / "console.lock", os.O_WRONLY | os.O_CREAT, 0o644)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Another console is running on {folder}; end it, or choose another folder."
        ) from None
    except OSError as error:
        raise CommandError(f"The data folder {folder} cannot be written: {error.strerror}.") from None
    return lock


def refuse_busy_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use; choose another, e.g. make run PORT={port + 1}."
            ) from None
        raise CommandError(f"The console cannot listen on {host}:{port}: {error.strerror}.") from None


def own_address(host: str, port: int) -> None:
    """Links in messages lead to where the console listens, unless OPSCONSOLE_URL says what people really type."""
    if "OPSCONSOLE_URL" not in os.environ:
        name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 — compared, not bound
        settings.OPSCONSOLE_URL = f"http://{name}:{port}"


def migrate() -> bool:
    """Whether anything was missing: asking is 50 ms, migrating is a second."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def collect_static() -> bool:
    """Copy and compress the static files when the installed ones are newer than the copy; whether they were."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    newest = max(file.stat().st_mtime for file in OURS.rglob("*"))
    if stamp.exists() and stamp.stat().st_mtime >= newest and stamp.read_text() == settings.VERSION:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(settings.VERSION)
    return True
