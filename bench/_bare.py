"""What figures are held against: a server that stores nothing, a database and a disk that nobody asks anything of but to write."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

SECONDS = 2


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Reads what was sent and answers; `granian bench._bare:application` is the least that any answer takes."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"OK"]


def rate(act: Callable[[], object], seconds: float = SECONDS) -> float:
    """How often a second something can be done, one after the other."""
    began, times = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < seconds:
        act()
        times += 1
    return times / took


def syncs(folder: str) -> float:
    """How often a second 4 KB reach the disk of a folder."""
    with tempfile.TemporaryFile(dir=folder) as file:

        def write() -> None:
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())

        return rate(write)
