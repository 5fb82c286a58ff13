"""How web and engine come to be: forked from the process that has loaded the console, so that they share what it has loaded.

A page being rendered never disturbs a timing, because each is a process of its own. When the parent ends, however it ends,
they end with it.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping

from django.db import connections

from opsconsole.supervisor import SIGNALS
from opsconsole.thrift import few_arenas

log = logging.getLogger(__name__)
_PR_SET_PDEATHSIG = 1


def fork(parts: Mapping[str, Callable[[], None]]) -> dict[str, int]:
    """Run each named function in a child process; their ids. From here on the caller's own signals wait to be asked for."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    few_arenas()
    connections.close_all()  # connections and their locks belong to one process
    gc.collect()
    gc.freeze()  # what is shared stays shared: no collection writes to it
    gc.enable()  # manage.py had it off while the console was loaded
    return {name: _fork(name, run) for name, run in parts.items()}


def _fork(name: str, run: Callable[[], None]) -> int:
    parent = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches the parent alone, which then ends us in order
        _die_with_parent(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        run()
        code = 0
    except SystemExit as end:
        code = _status(end)
    except BaseException:
        log.exception("%s ended with an error", name)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _status(end: SystemExit) -> int:
    """As Python takes it: nothing is 0, a number is itself, and anything else is said and is 1."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _die_with_parent(parent: int) -> None:
    """On Linux the kernel ends us when the parent is gone, kill -9 included."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
