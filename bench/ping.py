"""Pings a second, and the slowest hundredth: a real server, a fresh connection a ping, every acknowledged one counted.

One process with eight threads on SQLite, two on PostgreSQL; sixteen clients. Beside it the same server and clients when nothing
is stored, bare INSERTs of as many rows a commit as there are clients, and how often the disk itself can be told to write.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench import _bare
from tests.servers import postgres

SECONDS, BARE_SECONDS, CLIENTS, JOBS = 8, 4, 16, 200
CONSOLE, BARE = "opsconsole.wsgi:application", "bench._bare:application"
_ROOT = Path(__file__).resolve().parent.parent
_MAKE = """
from datetime import datetime, UTC
from monitoring.catalogue.models import Service
from monitoring.heartbeats.models import Heartbeat
s = Service.objects.create(name="Bench", slug="bench"); now = datetime.now(UTC)
Heartbeat.objects.bulk_create(Heartbeat(service=s, name=f"job {n}", slug=f"job-{n}", status_since=now, changed_at=now) for n in range(%d))
print("\\n".join(str(h.key) for h in Heartbeat.objects.all()))
"""
_COUNT = "from monitoring.heartbeats.models import Ping; print(Ping.objects.count())"
Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield "ping_sync", _bare.syncs(folder), "syncs/s"
        yield from _measured("sqlite", 1, {"OPSCONSOLE_DATA_DIR": folder, "DATABASE_URL": ""})
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        yield from _measured("postgres", 2, {"OPSCONSOLE_DATA_DIR": folder, "DATABASE_URL": url})


def _measured(database: str, processes: int, settings: dict[str, str]) -> Iterator[Figure]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "opsconsole.settings", "REDIS_URL": "", **settings}
    env["PYTHONWARNINGS"] = "ignore:No directory at:UserWarning"  # of static files: nothing was collected
    env = {name: value for name, value in env.items() if value}
    _manage(env, "migrate", "-v0")
    keys = _manage(env, "shell", "-v0", "-c", _MAKE % JOBS).split()
    with _server(env, processes, BARE) as (port, _):
        yield f"ping_bare_{database}", _load(port, keys, BARE_SECONDS)["ok"] / BARE_SECONDS, "pings/s"
    yield f"ping_insert_{database}", bare_rows(env, "pings", CLIENTS), "rows/s"
    with _server(env, processes) as (port, server):
        _load(port, keys, 1)  # warm
        before, cpu = int(_manage(env, "shell", "-v0", "-c", _COUNT)), _cpu(server)
        told = _load(port, keys, SECONDS)
        cpu = _cpu(server) - cpu
        stored = int(_manage(env, "shell", "-v0", "-c", _COUNT)) - before
        idle = _idle(server)
    if told["refused"] or not told["ok"] <= stored <= told["ok"] + CLIENTS:
        raise SystemExit(f"{told['ok']} acknowledged, {told['refused']} refused, {stored} stored")
    yield f"ping_rate_{database}", told["ok"] / SECONDS, "pings/s"
    yield f"ping_p99_{database}", told["p99"], "ms"
    yield f"ping_cpu_{database}", cpu / told["ok"] * 1000, "ms of CPU"
    yield f"ping_idle_cpu_{database}", idle * 100, "% of a core"


def _manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def bare_rows(env: dict[str, str], table: str, rows: int) -> float:
    command = [sys.executable, "-m", "bench._bare_rows", table, str(rows)]
    return float(subprocess.run(command, env=env, cwd=_ROOT, stdout=subprocess.PIPE, check=True).stdout)


@contextlib.contextmanager
def _server(
    env: dict[str, str], processes: int, application: str = CONSOLE
) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--port", str(port)]
    command += ["--workers", str(processes), "--blocking-threads", "8", "--log-level", "error"]
    server = subprocess.Popen([*command, application], env=env, cwd=_ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield port, psutil.Process(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _wait(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("The server did not start.")


def _load(port: int, keys: list[str], seconds: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench._load", str(seconds), str(CLIENTS)]
    urls = "\n".join(f"http://127.0.0.1:{port}/ping/{key}" for key in keys)
    said = subprocess.run(
        command, input=urls, stdout=subprocess.PIPE, text=True, check=True, cwd=_ROOT
    ).stdout
    told: dict[str, float] = json.loads(said)
    return told


def _cpu(server: psutil.Process) -> float:
    times = [p.cpu_times() for p in (server, *server.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def _idle(server: psutil.Process) -> float:
    time.sleep(1)
    before = _cpu(server)
    time.sleep(10)
    return (_cpu(server) - before) / 10
