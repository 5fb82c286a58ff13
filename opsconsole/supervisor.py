"""The embedded console: one small parent, and two children forked from it so that they share what it has loaded.

`web` serves pages and pings, `engine` runs sweeps and probes; a page being rendered never disturbs a timing. A child that dies
is started again, sooner the rarer it dies. When the parent ends, however it ends, the children end with it.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping

from django.db import connections

log = logging.getLogger(__name__)
SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
GRACE = 12  # seconds a child has to end by itself
_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8


class Supervisor:
    """Runs named functions in child processes until told to stop."""

    def __init__(self, parts: Mapping[str, Callable[[], None]]) -> None:
        self.parts = parts
        self.children: dict[int, str] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def run(self) -> int:
        """Blocks until SIGINT or SIGTERM; returns the exit code."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        _few_arenas()
        for name in self.parts:
            self._fork(name)
        while signal.sigwait(SIGNALS) == signal.SIGCHLD:
            self._reap()
        return self._end()

    def _fork(self, name: str) -> None:
        """Connections and their locks belong to one process: close them before, and freeze what stays shared."""
        connections.close_all()
        gc.collect()
        gc.freeze()
        parent = os.getpid()
        self.started[name] = time.monotonic()
        pid = os.fork()
        if pid:
            self.children[pid] = name
            return
        code = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C reaches the parent alone, which then ends us in order
            _die_with_parent(parent)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self.parts[name]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        except BaseException:
            log.exception("%s ended with an error", name)
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Take note of every child that ended; start it again unless we are stopping."""
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            name = self.children.pop(pid, "")
            if name and not self.stopping:
                self._again(name, status)

    def _again(self, name: str, status: int) -> None:
        lived = time.monotonic() - self.started[name]
        log.error("%s ended (status %s after %.0f s); starting it again", name, status, lived)
        time.sleep(0.2 if lived > 10 else 2)
        self._fork(name)

    def _end(self) -> int:
        """Ask the children to end, wait, and insist."""
        self.stopping = True
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self.children and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.05)
        self._signal_all(signal.SIGKILL)
        return 0

    def _signal_all(self, number: int) -> None:
        for pid in list(self.children):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                self.children.pop(pid, None)


def _die_with_parent(parent: int) -> None:
    """On Linux the kernel ends us when the parent is gone, kill -9 included."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


def _few_arenas() -> None:
    """glibc gives each thread an arena of its own, which costs this many-threaded console tens of megabytes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
