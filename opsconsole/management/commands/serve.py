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

from opsconsole import parts
from opsconsole.forking import fork
from opsconsole.management import schema
from opsconsole.management.foreground import take_foreground
from opsconsole.supervisor import become_supervisor, handed_over, start_over

OURS = Path(settings.BASE_DIR) / "opsconsole" / "ui" / "static"


class Command(BaseCommand):
    help = "Run the console: web and engine under one small supervisor, until Ctrl-C."
    requires_system_checks: "list[str]" = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")

    def handle(self, *_args: Any, **options: Any) -> None:
        host, port = options["host"], port_of(options["port"])
        alive = handed_over()
        lock = alive.pop("lock", 0) or self.prepare(host, port)
        terminal = alive.pop("terminal") if "terminal" in alive else take_foreground()
        own_address(host, port)
        wanted: dict[str, Callable[[], None]] = {
            "web": partial(parts.web, numeric(host, port), port),
            "engine": parts.engine,
        }
        started = fork({name: run for name, run in wanted.items() if name not in alive})
        become_supervisor(lock, terminal, alive | started)

    def prepare(self, host: str, port: int) -> int:
        """What is done once for a start by hand. Returns the descriptor of the lock on the folder."""
        lock = claim_folder(settings.DATA_DIR)
        refuse_busy_port(host, port)
        changed = [schema.migrate(), collect_static()]
        self.stdout.write(
            f"Ops Console is at {url_of(host, port)} (data in {settings.DATA_DIR}; Ctrl-C ends it)"
        )
        self.stdout.flush()
        if any(changed):  # that has filled 20 MB, which web and engine would carry along
            start_over(lock)
        return lock


def claim_folder(folder: Path) -> int:
    """One console a folder: two would run two schedules. The lock goes with the processes, however they end."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "console.lock", os.O_WRONLY | os.O_CREAT, 0o644)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Another console is running on {folder}; end it, or choose another folder."
        ) from None
    except OSError as error:
        raise CommandError(f"The data folder {folder} cannot be written: {error.strerror}.") from None
    return lock


def port_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise CommandError(
            f"“{text}” is not a port; choose a number from 1 to 65535, e.g. make run PORT=8080."
        )
    return int(text)


def url_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def numeric(host: str, port: int) -> str:
    """The numeric address of a host, IPv4 where it has one: the server takes no names."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is no name of a host"
        raise CommandError(f"The console cannot listen on {host}: {why}.") from None
    return str(min(found, key=lambda one: one[0] != socket.AF_INET)[4][0])


def refuse_busy_port(host: str, port: int) -> None:
    address = numeric(host, port)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.create_server((address, port), family=family):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65_535 else 8080
            raise CommandError(
                f"Port {port} is in use; choose another, e.g. make run PORT={other}."
            ) from None
        why = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(f"The console cannot listen on {host}, port {port}: {why}.") from None


def own_address(host: str, port: int) -> None:
    """Links in messages lead to where the console listens, unless OPSCONSOLE_URL says what people really type."""
    if not os.environ.get("OPSCONSOLE_URL"):
        name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 — compared, not bound
        settings.OPSCONSOLE_URL = url_of(name, port)


def collect_static() -> bool:
    """Copy and compress the static files when the installed ones are newer than the copy; whether they were."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    newest = max(file.stat().st_mtime for file in OURS.rglob("*"))
    if stamp.exists() and stamp.stat().st_mtime >= newest and stamp.read_text() == settings.VERSION:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(settings.VERSION)
    return True
