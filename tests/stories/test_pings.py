"""Pings at a real console: what was acknowledged is stored and read, whatever is killed meanwhile."""

import json
import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from tests.stories.console import Console, console, until

pytestmark = pytest.mark.servers
CREATE = """
from datetime import UTC, datetime
from monitoring.heartbeats.services.heartbeats import heartbeat_create
from opsconsole.accounts.roles import SYSTEM
print(heartbeat_create(actor=SYSTEM, name="Backup", now=datetime.now(UTC)).key)
"""
FOUND = """
import json
from monitoring.heartbeats.models import Heartbeat, Ping, Run
print(json.dumps({
    "stored": [str(rid) for rid in Ping.objects.values_list("rid", flat=True)],
    "unread": Ping.objects.filter(folded=False).count(),
    "runs": Run.objects.count(),
    "status": Heartbeat.objects.get().status,
}))
"""


@pytest.fixture
def running(tmp_path, database):
    with console(tmp_path, **database) as made:
        yield made


class Load:
    """Eight clients that ping as fast as they can; `acknowledged` holds the run ids that were answered with 200."""

    def __init__(self, running: Console, path: str) -> None:
        self.running, self.url = running, running.url + path
        self.acknowledged: list[str] = []
        self.others: list[int] = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._work) for _ in range(8)]
        for thread in self.threads:
            thread.start()

    def _work(self) -> None:
        while not self.stopped.is_set():
            rid = str(uuid4())
            with suppress(OSError):  # the console is being killed: no answer is no promise
                try:
                    with urllib.request.urlopen(f"{self.url}?rid={rid}", timeout=10):
                        self.acknowledged.append(rid)
                except urllib.error.HTTPError as error:
                    self.others.append(error.code)

    def go_on(self, more: int) -> None:
        """Until so many more are acknowledged."""
        wanted = len(self.acknowledged) + more
        supervised(self.running, lambda: len(self.acknowledged) >= wanted)

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def supervised(running: Console, true: Callable[[], object]) -> None:
    """Wait, and start what ended, as compose does: Granian ends when a worker dies soon after it was started anew."""

    def once() -> object:
        running.start_what_died()
        return true()

    until(once, 90)


def found(running: Console) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(running.manage("shell", "-v0", "-c", FOUND))
    return told


def kill_everything(running: Console) -> None:
    running.kill()
    running.start()


def kill_web(running: Console) -> None:
    """The processes that answer, which their parent starts again; in the embedded console the engine as well."""
    supervised(running, lambda: offspring(running))
    for pid in offspring(running):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def offspring(running: Console) -> list[int]:
    (web,) = [process.pid for process in running.processes if "--port" in process.args]  # type: ignore[operator] # lists
    found = subprocess.run(["pgrep", "-P", str(web)], capture_output=True, text=True, check=False)
    return [int(child) for child in found.stdout.split()]


@pytest.mark.parametrize("kill", [kill_everything, kill_web])
def test_it_loses_no_acknowledged_ping_when_it_is_killed(running, kill):
    key = running.manage("shell", "-v0", "-c", CREATE).strip()
    load = Load(running, f"/ping/{key}")
    try:
        for _ in range(3):
            load.go_on(200)
            kill(running)
        load.go_on(50)
    finally:
        load.stop()
    assert set(load.others) <= {503}
    assert set(load.acknowledged) <= set(found(running)["stored"])
    until(lambda: found(running)["unread"] == 0, 30)
    state = found(running)
    assert (state["status"], state["runs"]) == ("up", len(set(state["stored"])))
