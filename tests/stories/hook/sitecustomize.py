"""Loaded by every process of a console that was started with `hooked`; the product knows nothing of it.

It looks for files in the folder that STORY_HOOK names:

  halt    a regular expression. Whoever is about to run an SQL statement that it matches stops there, all its threads with it,
          and leaves `halted.<process id>` instead: the test kills it, or everything, exactly at this point.
  cut     Probes reach nothing from this process while it is there: whatever libcurl connects to, no way leads there.
  clock   seconds by which every clock on the wall is wrong. The steady clock goes on, as on a machine that was suspended.

STORY_DETOURS has hosts with addresses of ours that get, in their place, what is called there by https.
"""

import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.db.backends.utils import CursorWrapper

HOOK = Path(os.environ["STORY_HOOK"])
HALT, CLOCK, CUT = HOOK / "halt", HOOK / "clock", HOOK / "cut"


def halting(execute: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(cursor: CursorWrapper, sql: Any, *others: Any) -> Any:
        with suppress(FileNotFoundError):
            if re.search(HALT.read_text(), str(sql)):
                HALT.rename(HOOK / f"halted.{os.getpid()}")  # one of those who come at once
                stop()
        return execute(cursor, sql, *others)

    return wrapped


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:  # the signal may reach another thread a moment before this one
        time.sleep(1)


def follow(clock: time_machine.Traveller) -> None:
    """The file may be replaced at any time; a half-written one is read again."""
    moved = 0.0
    while True:
        with suppress(FileNotFoundError, ValueError):
            wanted = float(CLOCK.read_text())
            clock.shift(wanted - moved)
            moved = wanted
        time.sleep(0.05)


def start_following(clock: time_machine.Traveller) -> None:
    threading.Thread(target=follow, args=(clock,), daemon=True).start()


def severed(opens: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*given: Any) -> Any:
        opened = opens(*given)
        return socket.socket(socket.AF_UNIX) if opened and CUT.exists() else opened

    return wrapped


def detoured(aim: Callable[..., Any], ways: dict[str, str]) -> Callable[..., Any]:
    def wrapped(curl: Any, request: Any) -> Any:
        if way := ways.get(host := urlsplit(request.url).netloc):
            request.url = request.url.replace(f"https://{host}", way)
        return aim(curl, request)

    return wrapped


for name in ("_execute", "_executemany"):
    setattr(CursorWrapper, name, halting(getattr(CursorWrapper, name)))
if os.environ.get("STORY_CLOCK"):
    coordinates = time_machine.travel(time.time(), tick=True).start()
    start_following(coordinates)
    os.register_at_fork(after_in_child=lambda: start_following(coordinates))
if os.environ.get("STORY_CUT"):
    from opsconsole.lib.http import easy

    easy.open_permitted = severed(easy.open_permitted)
if detours := os.environ.get("STORY_DETOURS"):
    from opsconsole.lib.http import easy

    easy.aim = detoured(easy.aim, json.loads(detours))
