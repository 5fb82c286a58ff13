"""Run a sweep once, note that it ran, and swallow nothing in silence."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, close_old_connections

from opsconsole.health.services import sweep_ran
from opsconsole.lib.sweeps import Sweep, sweeps

log = logging.getLogger(__name__)
NOTED_EVERY = timedelta(seconds=15)

_running: "defaultdict[str, threading.Lock]" = defaultdict(threading.Lock)
_again: set[str] = set()
_noted: dict[str, datetime] = {}


def run_until_quiet(name: str, clock: Callable[[], datetime]) -> int:
    """Run a sweep, and again as long as somebody asked for it while it ran. Returns the rows handled in all.

    Whoever finds this process at it already leaves at once: waiting here would take the processor from the one at work.
    """
    total = 0
    while (done := run(name, clock())) is not None:
        total += done
        if name not in _again:
            break
    return total


def run(name: str, now: datetime) -> int | None:
    """Rows handled; None when this process is at it already, in which case that run is to start over when it is through.

    An exception is logged and noted for the health page; the rows stay due, so the next run takes them again.
    """
    sweep = sweeps[name]
    if not _is_ours(name):
        return None
    try:
        return _run(sweep, now)
    finally:
        _running[name].release()


def _is_ours(name: str) -> bool:
    """Asked twice: whoever ended meanwhile has perhaps not seen any more that it is to start over."""
    if _running[name].acquire(blocking=False):
        return True
    _again.add(name)
    return _running[name].acquire(blocking=False)


def _run(sweep: Sweep, now: datetime) -> int:
    _again.discard(sweep.name)
    try:
        done = sweep.run(now)
    except Exception as error:
        log.exception("sweep %s failed", sweep.name)
        _note(sweep.name, now, error=f"{type(error).__name__}: {error}")
        return 0
    _note(sweep.name, now, done=done)
    return done


def _note(name: str, now: datetime, done: int = 0, error: str = "") -> None:
    """Written at most every 15 s unless something failed: a row a second for each sweep would say nothing more."""
    last = _noted.get(name)
    if not error and last and timedelta() <= now - last < NOTED_EVERY:
        return
    try:
        sweep_ran(sweep=name, now=now, done=done, error=error)
        _noted[name] = now
    except Error:
        log.exception("could not note the run of %s", name)
        close_old_connections()
