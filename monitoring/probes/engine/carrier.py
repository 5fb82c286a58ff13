"""The thread that moves the network: it starts each run at its time and never touches the database."""

import logging
import resource
import threading
from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

from django.conf import settings

from monitoring.probes.engine.clocks import Clocks, wall_ms
from monitoring.probes.engine.network import Network
from monitoring.probes.engine.runs import Run
from opsconsole.lib.http.guard import networks

log = logging.getLogger(__name__)
MOST = 4_000  # runs at once
BEAT = 1000  # milliseconds; runs start on the nearest beat, together: to wake up for each alone costs four times the processor
FLOCK = 10  # are started between two looks at the network: an answer that has to wait for our own starts looks slow


class Carrier(threading.Thread):
    """`give` runs ahead of their time, and `take` them finished; both from one other thread."""

    def __init__(self) -> None:
        super().__init__(name="probes-network", daemon=True)
        self.network = Network(networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)))
        self.inbox: deque[Run] = deque()
        self.outbox: deque[Run] = deque()
        self.waiting: list[tuple[int, int, Run]] = []
        self.order, self.clocks = count(), Clocks()
        self.stopping = threading.Event()
        self.carried = 0  # between give and take
        self.capacity = _capacity()

    @property
    def room(self) -> int:
        return self.capacity - self.carried

    def give(self, runs: Sequence[Run]) -> None:
        if runs:
            self.carried += len(runs)
            self.inbox.extend(runs)
            if min(run.due for run in runs) <= wall_ms():
                self.network.wake()

    def take(self) -> list[Run]:
        done = [self.outbox.popleft() for _ in range(len(self.outbox))]
        self.carried -= len(done)
        return done

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._step()
            except Exception:
                log.exception("the network of the probes stumbled")
                self.stopping.wait(0.1)

    def _step(self) -> None:
        odd = self.clocks.jumped()
        if odd:
            self.network.void()
        while self.inbox:
            run = self.inbox.popleft()
            heappush(self.waiting, ((run.due + BEAT // 2) // BEAT * BEAT, next(self.order), run))
        # Where time jumped, their moments mean nothing: all start now.
        for _ in range(len(self.waiting) if odd else FLOCK):
            if odd or self._is_due:
                self._begin(heappop(self.waiting)[2])
        pause = 0 if self._is_due else BEAT - wall_ms() % BEAT
        self.outbox.extend(self.network.poll(pause / 1000))

    @property
    def _is_due(self) -> bool:
        return bool(self.waiting) and self.waiting[0][0] <= wall_ms()

    def _begin(self, run: Run) -> None:
        if run.target is None:
            run.at = wall_ms()
            self.outbox.append(run)
        else:
            self.network.start(run, wall_ms())

    def end(self) -> list[Run]:
        """Stop, and return whatever was not finished."""
        self.stopping.set()
        self.network.wake()
        self.join(5)
        left = [*self.network.drop(), *self.inbox, *(run for _, _, run in self.waiting)]
        self.network.close()
        return left


def _capacity() -> int:
    """Every run takes two file descriptors; ask for as many as we may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST + 500
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(50, min(MOST, (soft - 500) // 2))
