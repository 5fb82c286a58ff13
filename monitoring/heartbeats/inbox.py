"""Group commit: request threads put pings into a queue and wait; one writer commits all that has gathered, then lets them go.

One writer a process is what keeps SQLite's slowest answers fast: nobody polls for its lock. What is acknowledged is on the
disk; when a commit fails, nothing of it is acknowledged.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, SimpleQueue

from django.db import connections

from monitoring.heartbeats.addresses import Call
from monitoring.heartbeats.names import Names
from monitoring.heartbeats.stores import Gone, Row, Store, open_store
from opsconsole.health.services import pulse_beat
from opsconsole.lib import nudges

log = logging.getLogger(__name__)

STORED, UNKNOWN, AMBIGUOUS, BUSY = 200, 404, 409, 503
FOLD = "heartbeats.fold_and_judge"
_MOST_WAITING = 2_000
_BATCH = 500
_ANSWER_WITHIN = 5.0
_BEAT_EVERY = 10.0
_NUDGE_EVERY = 0.2


class Waiting:
    """A ping on its way, and the lock on which its thread waits for the answer."""

    __slots__ = ("answer", "call", "done", "row")

    def __init__(self, call: Call, row: Row) -> None:
        self.call, self.row, self.answer = call, row, BUSY
        self.done = threading.Lock()
        self.done.acquire()


class Inbox:
    """The queue and its writer thread. It starts with the first ping, or with `start`; after a fork it starts anew."""

    def __init__(self, opener: Callable[[], Store] = open_store) -> None:
        self._open = opener
        self._reset()

    def _reset(self) -> None:
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._written = threading.Event()

    def start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="ping-writer", daemon=True)
                self._thread.start()
                threading.Thread(target=self._herald, name="ping-herald", daemon=True).start()

    def stop(self) -> None:
        """Write what has gathered, then end the thread."""
        thread = self._thread
        if thread and thread.is_alive():
            self._queue.put(None)
            thread.join(timeout=_ANSWER_WITHIN)

    def store(self, call: Call, row: Row) -> int:
        """Commit a ping: STORED only when it is on the disk, UNKNOWN for no such heartbeat, AMBIGUOUS for several of one slug,
        BUSY to come again."""
        if self._thread is None or not self._thread.is_alive():
            self.start()
        if self._queue.qsize() >= _MOST_WAITING:
            return BUSY
        waiting = Waiting(call, row)
        self._queue.put(waiting)
        if not waiting.done.acquire(timeout=_ANSWER_WITHIN):
            return BUSY
        return waiting.answer

    def _work(self) -> None:
        writer = Writer(self._open)
        beat_at = 0.0
        while True:
            if (now := time.monotonic()) >= beat_at:
                beat()
                beat_at = now + _BEAT_EVERY
            try:
                first = self._queue.get(timeout=beat_at - now if beat_at > now else _BEAT_EVERY)
            except Empty:
                continue
            batch, ends = self._gathered(first)
            if batch and writer.write(batch):
                self._written.set()
            for waiting in batch:
                waiting.done.release()
            if ends:
                writer.close()
                return

    def _gathered(self, item: Waiting | None) -> tuple[list[Waiting], bool]:
        """What has gathered, and whether the end was among it."""
        batch: list[Waiting] = []
        try:
            while item is not None:
                batch.append(item)
                if len(batch) == _BATCH:
                    return batch, False
                item = self._queue.get_nowait()
        except Empty:
            return batch, False
        return batch, True

    def _herald(self) -> None:
        """Nudge the sweep, at most five times a second; a slow broker holds up this thread and no ping."""
        thread, written = self._thread, self._written
        while thread and thread.is_alive():
            if written.wait(timeout=60):
                written.clear()
                nudges.send(FOLD)
                time.sleep(_NUDGE_EVERY)


class Writer:
    """The connection, the names it knows, and the commit of one group."""

    def __init__(self, opener: Callable[[], Store]) -> None:
        self._open = opener
        self._store: Store | None = None
        self._names = Names()

    def write(self, batch: list[Waiting]) -> bool:
        """Commit a group and set each answer; whether anything was written. Never raises."""
        try:
            return self._write(batch)
        except Exception:
            log.exception(
                "A group of %d pings could not be stored; the callers were told to come again", len(batch)
            )
            for waiting in batch:
                waiting.answer = BUSY
            self.close()
            return False

    def _write(self, batch: list[Waiting]) -> bool:
        store = self._store = self._store or self._open()
        for _ in range(2):
            asked = time.monotonic()
            found = [(w, self._names.find(w.call, store, asked)) for w in batch]
            known = [(w, pk) for w, pk in found if pk]
            try:
                if known:
                    store.insert([w.row._replace(heartbeat_id=pk) for w, pk in known])
            except Gone:  # deleted since we learnt its name
                self._names.forget()
                continue
            for waiting, pk in found:
                waiting.answer = STORED if pk else UNKNOWN if pk is None else AMBIGUOUS
            return bool(known)
        return False

    def close(self) -> None:
        store, self._store = self._store, None
        self._names.forget()
        try:
            if store:
                store.close()
        except Exception:
            log.debug("closing the writer's connection failed", exc_info=True)


def beat() -> None:
    """Say that this listener lives. That it could not is found by its silence."""
    try:
        pulse_beat(part="listener", now=datetime.now(UTC))
    except Exception as error:  # noqa: BLE001 — a database that is away must not end the writer
        log.warning("The listener could not note that it lives: %s", error)
    finally:
        connections["default"].close()


inbox = Inbox()
os.register_at_fork(after_in_child=inbox._reset)
atexit.register(inbox.stop)
