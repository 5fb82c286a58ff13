"""The real console in processes of its own: what `make run` starts, or web, worker, probes and beat apart."""

import html
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
OUTSIDE = dict.fromkeys(("EMAIL_URL", "SENTRY_DSN", "OPSCONSOLE_DEADMAN_URL"), "")
"""What a `.env` of this clone may name and no story may reach; what stands in the environment goes before it."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def until(true: Callable[[], object], seconds: float) -> None:
    """Wait for something that another process does. Raises AssertionError when it did not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def children_of(parent: int) -> list[int]:
    """The supervisor's children, each of which leads a process group of its own."""
    found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split() if os.getpgid(int(pid)) == int(pid)]


@dataclass
class Console:
    """A running console. `folder` holds its data and its log; `environment` reaches every process of it."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    under: list[str] = field(default_factory=list)  # what stands before the command
    session: str = ""  # of whoever reads its pages

    @classmethod
    def at(cls, folder: Path, **settings: str) -> Self:
        """One that is not started yet."""
        made = cls(folder, {})
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("OPSCONSOLE_", "DJANGO_"))}
        made.environment = {
            **OUTSIDE,
            **ours,
            "OPSCONSOLE_DATA_DIR": str(folder),
            "OPSCONSOLE_URL": made.url,
            "OPSCONSOLE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "SECRET_KEY": "a key for this story alone, long enough to be one",
            **settings,
        }
        return made

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def scaled(self) -> bool:
        return bool(self.environment.get("REDIS_URL"))

    def manage(self, *arguments: str, given: str = "") -> str:
        """Run a management command to its end and return what it printed."""
        command = [PYTHON, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command} failed: {done.stderr}"
        return done.stdout

    def make(self, what: str, **given: Any) -> Any:
        """Call a function of tests/stories/world.py in a process of the console's own; what it returns."""
        code = f"import json; from tests.stories import world; print(json.dumps(world.{what}(**{given!r})))"
        return json.loads(self.manage("shell", "-v0", "-c", code))

    def page(self, path: str) -> str:
        """The words of a page's main part, as somebody reads them whose session this is."""
        request = urllib.request.Request(self.url + path, headers={"Cookie": f"session={self.session}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            main = answer.read().decode().partition("<main")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask or change the database past the console, in SQL that both databases know; %s stands for a value."""
        if address := self.environment.get("DATABASE_URL"):
            with psycopg.connect(address, autocommit=True, options="-c timezone=UTC") as connection:
                done = connection.execute(sql, values or None)
                return done.fetchall() if done.description else []
        path = self.folder / "console.sqlite3"
        with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
            return database.execute(sql.replace("%s", "?"), values).fetchall()

    def count(self, what: str) -> int:
        """`running.count("response_incident WHERE status = 'open'")`"""
        return int(self.rows(f"SELECT count(*) FROM {what}")[0][0])

    def ping_paths(self) -> list[str]:
        """Where the jobs report, the first that was made first."""
        found = self.rows("SELECT key FROM heartbeats_heartbeat ORDER BY id")
        return [f"/ping/{UUID(str(key))}" for (key,) in found]

    def nudge(self, sweep: str) -> None:
        """Have a sweep run now instead of at its time."""
        if address := self.environment.get("REDIS_URL"):
            with redis.Redis.from_url(address) as server:
                server.lpush("opsconsole:nudges", sweep)
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
            sender.sendto(sweep.encode(), str(self.folder / "engine.sock"))

    def start(self, awaited: str = "/healthz") -> None:
        """Start every process and wait until the address `awaited` answers."""
        for command in self._scaled() if self.scaled else self._embedded():
            self.spawn(command)
        self.wait_for(awaited)

    def spawn(self, command: list[str], **settings: str) -> None:
        """`settings` are of this process alone."""
        log, environment = (self.folder / "console.log").open("ab"), self.environment | settings
        self.processes.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        )

    def start_region(self, name: str, **settings: str) -> None:
        """One more worker, which stands in a region."""
        self.spawn([*self._worker(), "1", "--region", name, "--hostname", f"{name}@%h"], **settings)

    def start_second(self) -> None:
        """Another beat and another worker beside the first; nothing to be had in the embedded console."""
        for command in self._scaled() if self.scaled else []:
            if "beat" in command or "worker@%h" in command:
                self.spawn([part.replace("worker@%h", "second@%h") for part in command])

    def start_what_died(self) -> None:
        """As a machine's own supervisor does; the embedded console needs none."""
        for process in [one for one in self.processes if one.poll() is not None]:
            self.processes.remove(process)
            self.spawn(process.args)  # type: ignore[arg-type] # what `spawn` was given

    def _embedded(self) -> list[list[str]]:
        return [[*self.under, PYTHON, "manage.py", "serve", "--port", str(self.port)]]

    def _scaled(self) -> list[list[str]]:
        if not (self.folder / "static").exists():
            self.manage("migrate", "--noinput", "-v0")
            self.manage("collectstatic", "--noinput", "-v0")
        binaries, worker = Path(PYTHON).parent, self._worker()
        web = [str(binaries / "granian"), "--interface", "wsgi", "--port", str(self.port), "--workers", "2"]
        return [
            [
                *web,
                "--blocking-threads",
                "8",
                "--backpressure",
                "64",
                "--http",
                "1",
                "--no-ws",
                "--respawn-failed-workers",
                "opsconsole.wsgi:application",
            ],
            [*worker, "4", "--queues", "celery", "--hostname", "worker@%h"],
            [*worker, "1", "--queues", "probes", "--hostname", "probes@%h"],
            [*worker[:3], "beat", "--loglevel", "WARNING", "--pidfile="],
        ]

    def _worker(self) -> list[str]:
        """As it begins; how many threads it has follows."""
        celery = [str(Path(PYTHON).parent / "celery"), "-A", "opsconsole.celery"]
        return [
            *celery,
            "worker",
            *["--without-gossip", "--pool", "threads", "--loglevel", "WARNING", "--concurrency"],
        ]

    def wait_for(self, path: str, seconds: float = 60) -> str:
        """Until the address answers 200. Raises AssertionError with the log's end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return str(answer.read().decode())
            time.sleep(0.02)
        raise AssertionError(f"{path} did not answer in {seconds} s:\n{self.log()[-4000:]}")

    def log(self) -> str:
        return (self.folder / "console.log").read_text(errors="replace")

    def kill(self) -> None:
        """kill -9 of everything, at once: what a power cut leaves behind."""
        self.signal(signal.SIGKILL)
        self._wait()

    def signal(self, number: int) -> None:
        """To every process of the console."""
        children = [pid for process in self.processes for pid in children_of(process.pid)]
        for group in [process.pid for process in self.processes] + children:
            with suppress(ProcessLookupError):
                os.killpg(group, number)

    def kill_part(self, word: str) -> None:
        """kill -9 of the one process whose command has this word; `start_what_died` brings it back."""
        (process,) = [one for one in self.processes if word in one.args]  # type: ignore[operator] # lists, by `spawn`
        process.kill()
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        self._wait()

    def _wait(self) -> None:
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(8)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self.processes.clear()


@contextmanager
def console(folder: Path, under: list[str] | None = None, /, **settings: str) -> Iterator[Console]:
    """A console on SQLite, or on the servers that DATABASE_URL and REDIS_URL name, started and in the end stopped."""
    made = Console.at(folder, **settings)
    made.under = under or []
    try:
        made.start()
        yield made
    finally:
        made.stop()
