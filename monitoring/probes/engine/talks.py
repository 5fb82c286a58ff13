"""Conversations in flight, on the epoll that libcurl's transfers are on: what libcurl does not speak (see asking/).

Each ends by its deadline on the monotonic clock. Not thread-safe.
"""

import logging
import select
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from heapq import heappop, heappush
from itertools import count

from monitoring.probes.asking import Failed, Ours, OutOfTime, Wait
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Answer, Call, Talk
from opsconsole.lib.durations import words

log = logging.getLogger(__name__)


class _Flight:
    """One conversation: what it waits for, and until when."""

    __slots__ = ("begun", "call", "fd", "run", "steps", "turn")

    def __init__(self, run: Run, talk: Talk, permits: Callable[[str], bool]) -> None:
        self.run, self.begun = run, time.monotonic()
        self.call = Call(Answer(reached=False), permits, self.begun + talk.timeout)
        self.steps = talk.converse(self.call)
        self.fd, self.turn = -1, 0


class Talks:
    """`start` runs, `move` them on when the epoll names a file of theirs, `tick` when `due` is over; `take` the finished ones."""

    def __init__(self, epoll: select.epoll, permits: Callable[[str], bool]) -> None:
        self.epoll, self.permits = epoll, permits
        self.flying: dict[_Flight, None] = {}
        self.waiting: dict[int, _Flight] = {}
        self.timers: list[tuple[float, int, _Flight, int]] = []
        self.order, self.done = count(), list[Run]()

    def start(self, run: Run, talk: Talk) -> None:
        flight = _Flight(run, talk, self.permits)
        self.flying[flight] = None
        self._resume(flight, partial(next, flight.steps))

    def move(self, fd: int) -> bool:
        """Go on with the one that waits for this file; False when it is nobody's."""
        flight = self.waiting.get(fd)
        if flight is None:
            return False
        self._resume(flight, partial(flight.steps.send, True))
        return True

    @property
    def due(self) -> float | None:
        """When the next one has waited long enough, in monotonic seconds."""
        while self.timers and self.timers[0][3] != self.timers[0][2].turn:
            heappop(self.timers)
        return self.timers[0][0] if self.timers else None

    def tick(self, now: float) -> None:
        while (due := self.due) is not None and due <= now:
            flight = heappop(self.timers)[2]
            if now >= flight.call.ends:
                self._expire(flight)
            else:
                self._resume(flight, partial(flight.steps.send, False))

    def _expire(self, flight: _Flight) -> None:
        """It may close what it opened and say it better; what it waits for then, it does not get."""
        late = OutOfTime(f"No complete answer in time ({words(flight.call.ends - flight.begun)})")

        def last_step() -> Wait:
            flight.steps.throw(late)
            raise late

        self._resume(flight, last_step)

    def _resume(self, flight: _Flight, step: Callable[[], Wait]) -> None:
        self._leave(flight)
        try:
            self._await(flight, step())
        except StopIteration:
            self._land(flight)
        except Failed as error:
            self._land(flight, str(error), ours=isinstance(error, Ours))
        except Exception as error:
            log.exception("probe %s could not be asked", flight.run.probe_id)
            self._land(flight, f"The console failed to ask: {error}", ours=True)

    def _leave(self, flight: _Flight) -> None:
        flight.turn += 1
        if self.waiting.pop(flight.fd, None):
            with suppress(OSError):  # closed already, which took it out
                self.epoll.unregister(flight.fd)
        flight.fd = -1

    def _await(self, flight: _Flight, wait: Wait) -> None:
        until = flight.call.ends
        if wait.seconds is not None:
            until = min(until, time.monotonic() + wait.seconds)
        if wait.fd >= 0:
            self.epoll.register(wait.fd, wait.events)
            self.waiting[wait.fd], flight.fd = flight, wait.fd
        heappush(self.timers, (until, next(self.order), flight, flight.turn))

    def _land(self, flight: _Flight, problem: str = "", *, ours: bool = False) -> None:
        del self.flying[flight]
        flight.steps.close()
        run, answer = flight.run, flight.call.answer
        answer.ms = answer.ms or (time.monotonic() - flight.begun) * 1000
        if problem:
            answer.error, answer.problem = 1, problem
            answer.ours = problem if ours else run.answer.ours
        run.answer = answer
        self.done.append(run)

    def take(self) -> list[Run]:
        done, self.done = self.done, []
        return done

    def runs(self) -> list[Run]:
        return [flight.run for flight in self.flying]

    def drop(self) -> list[Run]:
        """Abandon all in flight; returns their runs."""
        dropped = self.runs()
        for flight in list(self.flying):
            self._leave(flight)
            flight.steps.close()
        self.flying.clear()
        return dropped
