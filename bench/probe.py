"""Probes against a small server on loopback: CPU a thousand with everything included, and lateness.

Beside it bare libcurl, and Prometheus with its blackbox exporter where both are installed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import _prometheus
from bench._prometheus import Load
from tests.monitoring.probes.servers import self_signed
from tests.servers import postgres

Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        self_signed(Path(folder))
        with target() as plain, target(f"{folder}/server.pem") as tls:
            yield from _http(f"http://127.0.0.1:{plain}/")
            yield from _https(f"https://127.0.0.1:{tls}/")
            yield from _on_postgres(f"http://127.0.0.1:{plain}/")


def _http(url: str) -> Iterator[Figure]:
    yield "probe_cpu_libcurl_http", child("libcurl", url, 2000, 20)["cpu"], "s"
    yield from _prometheus.figures("http", Load(url, 2000, 20))
    found = child("engine", url, 2000, 20)
    yield "probe_cpu_http", found["cpu"], "s"
    yield "probe_late_p99", found["p99"], "s"
    yield "probe_late_max_2000", found["max"], "s"


def _https(url: str) -> Iterator[Figure]:
    yield "probe_cpu_libcurl_https", child("libcurl", url, 1000, 20)["cpu"], "s"
    yield from _prometheus.figures("https", Load(url, 1000, 20))
    yield "probe_cpu_https", child("engine", url, 1000, 20)["cpu"], "s"


def _on_postgres(url: str) -> Iterator[Figure]:
    with postgres() as address:
        found = child("engine", url, 10_000, 30, DATABASE_URL=address)
    yield "probe_cpu_http_postgres", found["cpu"], "s"
    yield "probe_late_max_10000_postgres", found["max"], "s"


def child(mode: str, url: str, count: int, interval: int, **environment: str) -> dict[str, float]:
    """Run one measurement in a process of its own, on a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "OPSCONSOLE_DATA_DIR": folder,
            "OPSCONSOLE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "LOG_LEVEL": "WARNING",
        }
        own |= {
            "DATABASE_URL": f"sqlite:///{folder}/console.sqlite3",
            "DJANGO_SETTINGS_MODULE": "opsconsole.settings",
        }
        command = [sys.executable, "-m", f"bench._probe_{mode}", url, str(count), str(interval)]
        done = subprocess.run(command, env=os.environ | own | environment, check=True, stdout=subprocess.PIPE)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


@contextmanager
def target(pem: str = "") -> Iterator[int]:
    """A server in another process; yields its port."""
    command = [sys.executable, "-m", "bench._probe_target", *([pem] if pem else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline() if server.stdout else 0)
        finally:
            server.kill()
