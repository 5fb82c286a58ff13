"""The engine: one thread moves the network, this one talks to the database, so that neither waits for the other.

It claims what is due within the next moments, with a lease; the carrier starts each at its time and returns it with its answer;
here they are judged and written, a batch in one transaction. A process that is killed leaves leases, which run out: its probes
are due again. Where regions ask in its place, their votes are counted when the probe is due.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from monitoring.probes.engine.carrier import Carrier
from monitoring.probes.engine.clocks import Clocks, wall_ms
from monitoring.probes.engine.online import Gate
from monitoring.probes.engine.polls import count, is_poll
from monitoring.probes.engine.posts import Book, post
from monitoring.probes.engine.record import judge_run
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.targets import Targets
from opsconsole.lib import clock

log = logging.getLogger(__name__)
TICK = 2.0  # seconds between two looks: a batch is written, the next is claimed; each look costs some time of its own
SOON, SOON_FOR = 0.25, 3.0  # seconds; while somebody waits for a result
AHEAD = 5_000  # milliseconds that probes are claimed before their time
BATCH = 500
PULSE_EVERY = 10.0
HASTEN_EVERY = 5.0
HASTEN = 5


class Engine(threading.Thread):
    """`start()`, `stop()` and `join()` it; one a process. `region`: whose probes it asks, "" for those that are asked from here."""

    def __init__(self, region: str = "") -> None:
        super().__init__(name="probes-engine", daemon=True)
        self.stopping, self.called = threading.Event(), threading.Event()
        self.carrier = Carrier()
        self.post, self.targets = post(region), Targets(region)
        self.gate, self.clocks = Gate(), Clocks()
        self.judged: list[Run] = []
        self.polls: list[Run] = []
        self.beaten = self.hastened = self.awaited = -PULSE_EVERY

    def stop(self) -> None:
        self.stopping.set()
        self.look_now()

    def look_now(self) -> None:
        """Do not wait for the next tick: something may have come due this moment."""
        self.called.set()

    def run(self) -> None:
        self.carrier.start()
        self._guarded(self._wake_up)
        while not self.stopping.is_set():
            self._guarded(self._look)
            self.called.wait(SOON if time.monotonic() - self.awaited < SOON_FOR else TICK)
            self.called.clear()
        self._guarded(self._put_down)
        connection.close()

    def _guarded(self, step: Callable[[Book], None]) -> None:
        """A database that is away, or a mistake of ours, costs time and never the engine."""
        try:
            step(self.post.book())
        except DatabaseError:
            log.exception("the probes' database does not answer; trying again")
            close_old_connections()
            self.stopping.wait(1)
        except Exception:
            log.exception("the engine of the probes stumbled")
            self.stopping.wait(1)

    def _wake_up(self, book: Book) -> None:
        book.disown()
        moved = book.anchor(wall_ms())
        log.info("the engine of the probes starts with %s overdue", moved)

    def _look(self, book: Book) -> None:
        if self.clocks.jumped():
            book.anchor(wall_ms())
        self._judge(self.carrier.take())
        self._count(wall_ms())
        self._write()
        self._doubt(book)
        self._claim(book)
        self.post.errands(clock.now())
        if time.monotonic() - self.beaten >= PULSE_EVERY:
            self.beaten = time.monotonic()
            self.post.report(clock.now(), self.gate.trouble)

    def _judge(self, runs: list[Run]) -> None:
        self.gate.sift(runs, wall_ms())
        for run in runs:
            judge_run(run)
        self.judged += runs

    def _count(self, now: int) -> None:
        """Of those that are due; one that is due later than it was claimed ahead was so by a clock that was set back."""
        due = [run for run in self.polls if not now < run.due <= now + AHEAD]
        try:
            count(due, now)
            self.judged += due
        except DatabaseError:
            raise
        except Exception:  # they are due again when their leases run out
            log.exception("the votes of %s probes could not be counted", len(due))
        self.polls = [run for run in self.polls if now < run.due <= now + AHEAD]

    def _write(self) -> None:
        """What cannot be written because the database is away stays for the next look, as long as its leases stand."""
        try:
            self.post.write(self.judged, wall_ms())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("a batch of results could not be written; writing them one by one")
            self._write_singly()
        self.judged = []

    def _write_singly(self) -> None:
        """So that one poisonous result loses itself only; its probe is due again when the lease runs out."""
        for run in self.judged:
            try:
                self.post.write([run], wall_ms())
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("the result of probe %s could not be written", run.probe_id)

    def _doubt(self, book: Book) -> None:
        if self.gate.doubts and time.monotonic() - self.hastened >= HASTEN_EVERY:
            self.hastened = time.monotonic()
            book.hasten(wall_ms(), HASTEN)

    def _claim(self, book: Book) -> None:
        while (room := min(BATCH, self.carrier.room)) > 0:
            now = wall_ms()
            claimed = book.claim(now=now, horizon=now + AHEAD, limit=room)
            if any(run.due <= now for run in claimed):
                self.awaited = time.monotonic()
            self.targets.prepare(claimed)
            self.carrier.give(self._without_polls(claimed))
            if len(claimed) < room:
                return

    def _without_polls(self, claimed: Sequence[Run]) -> Sequence[Run]:
        """Those that are to be asked; the others wait to be counted."""
        if not self.targets.has_quorums:
            return claimed
        self.polls += filter(is_poll, claimed)
        return [run for run in claimed if not is_poll(run)]

    def _put_down(self, book: Book) -> None:
        """Write what is finished and give the rest back, so that the next engine starts at once."""
        left = self.carrier.end()
        self._judge(self.carrier.take())
        self._write()
        book.release([*left, *self.polls])


_engines: list[Engine] = []


def start_engine(region: str = "") -> Engine:
    """Start this process's engine; the one that sweeps then keep an eye on."""
    _collect_rarely()
    _engines[:] = [Engine(region)]
    _engines[0].start()
    return _engines[0]


def _collect_rarely() -> None:
    """A batch leaves no cycles behind, but its many objects would have Python look for some, in all that is loaded too."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def call_engine() -> bool:
    """Have this process's engine look at once; False where there is none. If it died, though nothing should make it, a new one
    starts."""
    for engine in list(_engines):
        engine.look_now()
        if not engine.is_alive() and not engine.stopping.is_set():
            log.error("the engine of the probes had ended; starting it again")
            start_engine(engine.post.region)
    return any(engine.is_alive() for engine in _engines)
