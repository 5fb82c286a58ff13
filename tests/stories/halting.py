"""Stop the processes of a running console exactly where a test says, or move their clocks: hook/sitecustomize.py does it."""

import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from tests.stories.console import ROOT, Console, until

NO_DETOURS: Mapping[str, str] = {}


def hooked(
    folder: Path, *, clock: bool = False, cut: bool = False, detours: Mapping[str, str] = NO_DETOURS
) -> dict[str, str]:
    """Settings for a console that `Halt` and `set_clock` can reach, and whose probes the file `cut` cuts off.

    detours: hosts that are called by https, each with the beginning of the address that gets the call instead.
    """
    paths = [str(ROOT / "tests" / "stories" / "hook"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "STORY_HOOK": str(folder),
        "STORY_CLOCK": "1" if clock else "",
        "STORY_CUT": "1" if cut else "",
        "STORY_DETOURS": json.dumps(detours) if detours else "",
    }


def set_clock(running: Console, seconds: float) -> None:
    """From now on, every clock of the console is wrong by so much."""
    draft = running.folder / "clock.new"
    draft.write_text(str(seconds))
    draft.rename(running.folder / "clock")


def halt_at(running: Console, pattern: str) -> None:
    """The next process that is about to run an SQL statement like this stops before it."""
    (running.folder / "halt").write_text(pattern)


def halted(running: Console, seconds: float = 60) -> int:
    """Wait for it; the id of the process that stands still."""
    until(lambda: list(running.folder.glob("halted.*")), seconds)
    (mark,) = running.folder.glob("halted.*")
    mark.unlink()
    return int(mark.suffix[1:])


def kill_one(running: Console, pid: int) -> None:
    """kill -9 of one process; `go_on` starts it again where the console does not do so itself."""
    os.kill(pid, signal.SIGKILL)
    if running.scaled:
        until(lambda: any(process.poll() is not None for process in running.processes), 10)


def kill_all(running: Console, _pid: int) -> None:
    running.kill()


def go_on(running: Console) -> None:
    """Start what was killed."""
    if running.processes:
        running.start_what_died()
    else:
        running.start()
