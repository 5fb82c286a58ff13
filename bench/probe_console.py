"""Probes in the whole console, while somebody reads its pages: how late the latest one starts, on one machine and scaled,
and how long after kill -9 of everything each probe has run again.
"""

import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.probe import target
from tests.servers import postgres, valkey
from tests.stories.console import Console, console

Figure = tuple[str, float, str]
PAGES = ("/sign-in/", "/healthz", "/readyz")
_MAKE = "from bench._probe_rows import make_probes; make_probes({url!r}, {count}, {interval})"
_LATE = "from bench._probe_rows import lateness; print(lateness({interval}, {since})[-1])"
_WAITING = (
    "from monitoring.probes.models import Probe; from django.db.models import Q;"
    " print(Probe.objects.filter(Q(last_at=None) | Q(last_at__lt={since})).count())"
)


def figures() -> Iterator[Figure]:
    with target() as port:
        url = f"http://127.0.0.1:{port}/"
        yield from _embedded(url)
        yield from _scaled(url)


def _embedded(url: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, console(Path(folder)) as running:
        yield "probe_late_max_2000_console", _latest(running, url, 2_000, 20), "s"
        running.kill()
        running.start()
        yield "probe_all_ran_after_restart", _all_ran(running, time.time()), "s"


def _scaled(url: str) -> Iterator[Figure]:
    with ExitStack() as stack:
        settings = {
            "DATABASE_URL": stack.enter_context(postgres()),
            "REDIS_URL": stack.enter_context(valkey()),
        }
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = stack.enter_context(console(folder, **settings))
        yield "probe_late_max_10000_console", _latest(running, url, 10_000, 30), "s"


def _latest(running: Console, url: str, count: int, interval: int) -> float:
    """Seconds that the latest start within one interval was behind its time, after one interval to settle."""
    running.manage("shell", "-v0", "-c", _MAKE.format(url=url, count=count, interval=interval))
    with _reader(running):
        time.sleep(interval * 2 + 4)
        since = int(time.time() * 1000)
        time.sleep(interval + 4)
    return float(running.manage("shell", "-v0", "-c", _LATE.format(interval=interval, since=since)))


def _all_ran(running: Console, since: float) -> float:
    """Seconds from `since` until every probe has a result that is newer."""
    ask = _WAITING.format(since=int(since * 1000))
    while int(running.manage("shell", "-v0", "-c", ask)):
        time.sleep(0.2)
    return time.time() - since


@contextmanager
def _reader(running: Console) -> Iterator[None]:
    """Somebody who looks at a page ten times a second."""
    ended = threading.Event()

    def read() -> None:
        while not ended.wait(0.1):
            for page in PAGES:
                with suppress(OSError):
                    urllib.request.urlopen(running.url + page, timeout=5).read()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    yield
    ended.set()
    reader.join()
