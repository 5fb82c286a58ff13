"""The embedded console's parent while all is well: it waits, and weighs four megabytes.

`manage.py serve` loads the console once, forks web and engine so that both share what is loaded, and then becomes this file by
`exec`: its process, its children and its lock stay, everything else is given back. When a child dies, this file becomes
`manage.py serve` again, which forks what is missing. So nothing is imported here but what Python has loaded anyway.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
GRACE = 12  # seconds a child has to end by itself
_HANDED = "OPSCONSOLE_HANDED_OVER"


def handed_over() -> dict[str, int]:
    """What the process was given that became `serve` again: the lock's descriptor, the group that had the terminal before us,
    and the living children. Empty at first."""
    return _read(os.environ.pop(_HANDED, ""))


def become_supervisor(lock: int, terminal: int, children: Mapping[str, int]) -> None:
    """Called by `serve`, with the children's ids by name. Does not return."""
    os.set_inheritable(lock, True)
    state = _written({"lock": lock, "terminal": terminal, **children})
    command = [sys.executable, "-I", "-S", __file__, state, *_serve()]
    os.execv(sys.executable, command)  # noqa: S606 — ourselves


def start_over(lock: int) -> None:
    """Called by a `serve` that has loaded more than its children need. Does not return."""
    _become(_serve(), {"lock": lock})


def _serve() -> list[str]:
    return [sys.executable, *sys.orig_argv[1:]]


def _become(serve: list[str], state: Mapping[str, int]) -> None:
    os.set_inheritable(state["lock"], True)
    os.environ[_HANDED] = _written(state)
    os.execv(serve[0], serve)  # noqa: S606 — the command that started us


def _written(state: Mapping[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in state.items())


def _read(state: str) -> dict[str, int]:
    return {name: int(number) for name, number in (item.split("=") for item in state.split())}


def watch(state: dict[str, int], serve: list[str]) -> int:
    """Blocks until SIGINT or SIGTERM and returns the exit code; becomes `serve` again when a child has died."""
    started = time.monotonic()
    ours = {"lock": state.pop("lock"), "terminal": state.pop("terminal")}
    while signal.sigwait(SIGNALS) == signal.SIGCHLD:
        if ended := _reap(state):
            _pause(ended, time.monotonic() - started)
            _become(serve, {**ours, **state})
    code = _end(state)
    _give_back(ours["terminal"])
    return code


def _give_back(terminal: int) -> None:
    """Whoever had the terminal before us may read from it again."""
    if terminal:
        with suppress(OSError):
            os.tcsetpgrp(0, terminal)


def _reap(children: dict[str, int]) -> dict[str, int]:
    """Strike every child that ended; its status by its name."""
    ended = {}
    for name, pid in list(children.items()):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            del children[name]
            ended[name] = status
    return ended


def _pause(ended: dict[str, int], lived: float) -> None:
    """Say what happened, in the form of the log; what died soon is started again later."""
    for name, status in ended.items():
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        said = f"{name} ended (status {status} after {lived:.0f} s); starting it again"
        sys.stderr.write(f"{stamp} ERROR opsconsole.supervisor {said}\n")
    time.sleep(0.2 if lived > 10 else 2)


def _end(children: dict[str, int]) -> int:
    """Ask the children to end, wait, and insist."""
    _signal_all(children, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while children and time.monotonic() < deadline:
        _reap(children)
        time.sleep(0.05)
    _signal_all(children, signal.SIGKILL)
    return 0


def _signal_all(children: dict[str, int], number: int) -> None:
    """A child that has ended keeps its id until it is reaped, so this reaches nobody else."""
    for pid in children.values():
        os.kill(pid, number)


if __name__ == "__main__":
    sys.exit(watch(_read(sys.argv[1]), sys.argv[2:]))
