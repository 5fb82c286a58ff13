"""Metric samples a second by push: a real server, batches of 1,000 samples, each of a series of its own, every acknowledged one counted.

One process with eight threads, eight senders whose connections stay open, as those of agents do. Beside it the same server and
senders when nothing is stored, and bare INSERTs of as many rows a commit.
"""

import contextlib
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Iterator

from bench.ping import BARE, BARE_SECONDS, Figure, _cpu, _manage, _server, bare_rows

SECONDS, SENDERS, BATCH = 8, 8, 1_000
_MAKE = """
from monitoring.metrics.models import PushKey
from opsconsole.lib.secrets import digest
PushKey.objects.create(name="Bench", prefix="bench", digest=digest("bench-key"))
"""
_EMPTY = "from monitoring.metrics.models import Bucket; Bucket.objects.all().delete()"
_COUNT = """
from django.db.models import Sum
from monitoring.metrics.models import Bucket
print(Bucket.objects.filter(size=60).aggregate(n=Sum("n"))["n"])
"""


def figures() -> Iterator[Figure]:
    for form, body in (("", _text()), ("_json", _json())):
        with tempfile.TemporaryDirectory() as folder:
            yield from _measured(form, body, folder)


def _text() -> bytes:
    lines = ["# TYPE http_request_seconds gauge"]
    lines += [
        f'http_request_seconds{{host="web-{i % 20}",path="/page/{i}"}} {i * 0.37:.4f}' for i in range(BATCH)
    ]
    return "\n".join(lines).encode()


def _json() -> bytes:
    labels = [{"host": f"web-{i % 20}", "path": f"/page/{i}"} for i in range(BATCH)]
    return json.dumps(
        [{"name": "http_request_seconds", "labels": each, "value": i * 0.37} for i, each in enumerate(labels)]
    ).encode()


def _measured(form: str, body: bytes, folder: str) -> Iterator[Figure]:
    env = {
        "OPSCONSOLE_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "opsconsole.settings",
        "PATH": "/usr/bin:/bin",
    }
    _manage(env, "migrate", "-v0")
    with _server(env, 1, BARE) as (port, _):
        bare = _load(port, body, BARE_SECONDS) * BATCH / BARE_SECONDS
        yield f"metric_bare{form}_sqlite", bare, "samples/s"
    if not form:
        yield "metric_insert_sqlite", bare_rows(env, "samples", BATCH), "rows/s"
        _manage(env, "shell", "-v0", "-c", _EMPTY)
    _manage(env, "shell", "-v0", "-c", _MAKE)
    with _server(env, 1) as (port, server):
        warm = _load(port, body, 1)
        cpu, began = _cpu(server), time.monotonic()
        pushes = _load(port, body, SECONDS)
        cpu, took = _cpu(server) - cpu, time.monotonic() - began
    stored = int(_manage(env, "shell", "-v0", "-c", _COUNT))
    if stored != (warm + pushes) * BATCH:
        raise SystemExit(f"{(warm + pushes) * BATCH} samples acknowledged, {stored} stored")
    yield f"metric_push_rate{form}_sqlite", pushes * BATCH / took, "samples/s"
    yield f"metric_push_cpu{form}_sqlite", cpu / pushes * 1000, "ms of CPU"


def _load(port: int, body: bytes, seconds: float) -> int:
    """Push from all senders; returns how many pushes were acknowledged."""
    taken: list[int] = []
    until = time.monotonic() + seconds
    senders = [threading.Thread(target=_send, args=(port, body, until, taken)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return sum(taken)


def _send(port: int, body: bytes, until: float, taken: list[int]) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        while time.monotonic() < until:
            connection.request("POST", "/in/metrics/bench-key", body)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"The server answered {answer.status}.")
            taken.append(1)
