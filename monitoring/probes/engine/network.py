"""All runs in flight, carried by libcurl's multi interface over epoll: a hanging one costs nothing and delays nobody.
Conversations of other kinds (talks.py) are on the same epoll.

Not thread-safe, except `wake`. Time-outs are libcurl's own and monotonic, and cover name look-up, connection and body.
"""

import logging
import os
import select
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache

import pycurl

from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.slots import Slot
from monitoring.probes.engine.talks import Talks
from monitoring.probes.engine.tokens import Tokens
from monitoring.probes.kinds import Answer, Talk, Target
from opsconsole.lib.http.guard import Network as Range
from opsconsole.lib.http.guard import permitted

log = logging.getLogger(__name__)
_IN, _OUT, _ERR = 1, 2, 4  # CURL_CSELECT_*
_MASKS = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
LONGEST_STALL = 2.0  # seconds
FAST, SLOW = 4, 8  # lanes for names as they come, and for those whose look-up hung
STOOD_STILL = "The console itself stood still meanwhile (stopped, suspended or overloaded)."


class Lane:
    """One multi handle on the common epoll. libcurl resolves names on 20 threads for each multi handle.

    A look-up that hangs holds a thread for ten seconds, long after its run has ended: so there are many lanes.
    """

    def __init__(self, epoll: select.epoll) -> None:
        self.epoll, self.known, self.runs = epoll, set[int](), 0
        self.due: float | None = None
        self.multi = pycurl.CurlMulti()
        self.multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self.multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def _watch(self, event: int, fd: int, _multi: object, _data: object) -> None:
        if event == pycurl.POLL_REMOVE:
            self.known.discard(fd)
            with suppress(OSError):  # closed already, which took it out
                self.epoll.unregister(fd)
        elif fd in self.known:
            self.epoll.modify(fd, _MASKS[event])
        else:
            self.known.add(fd)
            self.epoll.register(fd, _MASKS[event])

    def _set_timer(self, ms: int) -> None:
        self.due = None if ms < 0 else time.monotonic() + ms / 1000

    def tick(self, now: float) -> None:
        if self.due is not None and now >= self.due:
            self.due = None
            self.multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)


class Network:
    """`start` runs, `poll` until they are finished."""

    def __init__(self, allowed: Sequence[Range] = ()) -> None:
        self.epoll = select.epoll()
        self.lanes = [Lane(self.epoll) for _ in range(FAST + SLOW)]
        self.permits: Callable[[str], bool] = lru_cache(maxsize=4096)(lambda host: permitted(host, allowed))
        self.talks = Talks(self.epoll, self.permits)
        self.tokens = Tokens(self._fly, self._fail)
        self.flying: dict[Slot, Lane] = {}
        self.idle: list[Slot] = []
        self.slow_names: set[str] = set()
        self.failed: list[Run] = []
        self.bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.epoll.register(self.bell, select.EPOLLIN)
        self.left = time.monotonic()

    def start(self, run: Run, now: int) -> None:
        """Begin a run; `now` is milliseconds since 1970."""
        run.at, target = now, run.target
        if isinstance(target, Talk):
            self.talks.start(run, target)
        elif isinstance(target, Target) and target.sign_in is not None:
            self.tokens.admit(run, target, target.sign_in)
        else:
            self._fly(run)

    def _fly(self, run: Run) -> None:
        target = run.target
        slot = self.idle.pop() if self.idle else Slot(self.permits)
        lane = self._lane_for(target.host if target else "")
        try:
            slot.begin(run, run.at)
            lane.multi.add_handle(slot.curl)
        except (pycurl.error, ValueError, TypeError) as error:
            self._fail(run, f"The console could not ask: {error}")
            return
        self.flying[slot] = lane
        lane.runs += 1

    def _fail(self, run: Run, ours: str) -> None:
        run.answer = Answer(error=1, ours=ours)
        self.failed.append(run)

    def _lane_for(self, host: str) -> Lane:
        number = hash(host)
        return self.lanes[FAST + number % SLOW if host in self.slow_names else number % FAST]

    def poll(self, wait: float) -> list[Run]:
        """Move all transfers on; wait at most `wait` seconds for something to happen. Returns runs with their answers."""
        entered = time.monotonic()
        if entered - self.left > LONGEST_STALL:
            self.void()
        dues = [lane.due for lane in self.lanes if lane.due is not None]
        if (due := self.talks.due) is not None:
            dues.append(due)
        pause = min(
            [max(0.0, due - entered) for due in dues] + [0.0 if self.failed or self.talks.done else wait]
        )
        events = self.epoll.poll(pause)
        self.left = time.monotonic()
        if self.left - entered > pause + LONGEST_STALL:
            self.void()
        for fd, event in events:
            self._move(fd, event)
        for lane in self.lanes:
            if lane.due is not None:
                lane.tick(self.left)
        self.talks.tick(self.left)
        return [*self._finished(), *self.talks.take()]

    def _move(self, fd: int, event: int) -> None:
        if fd == self.bell:
            os.eventfd_read(self.bell)
            return
        if self.talks.move(fd):
            return
        mask = (_IN if event & (select.EPOLLIN | select.EPOLLHUP) else 0) | (
            _OUT if event & select.EPOLLOUT else 0
        )
        mask |= _ERR if event & select.EPOLLERR else 0
        for lane in self.lanes:
            if fd in lane.known:
                lane.multi.socket_action(fd, mask)
                return

    def _finished(self) -> list[Run]:
        done, self.failed = self.failed, []
        for lane in self.lanes:
            more = lane.runs > 0
            while more:
                left, good, bad = lane.multi.info_read()
                done += [self._land(curl.slot) for curl in good]
                done += [self._land(curl.slot, code, text) for curl, code, text in bad]
                more = left > 0
        return self.tokens.sift(done)

    def _land(self, slot: Slot, error: int = 0, detail: str = "") -> Run:
        lane = self.flying.pop(slot)
        run = slot.run
        assert run is not None
        stalled = run.answer.ours
        try:
            run.answer = slot.finish(error, detail)
        except Exception as problem:
            log.exception("the answer of probe %s could not be read", run.probe_id)
            run.answer = Answer(error=1, ours=f"The console failed to read the answer: {problem}")
        lane.multi.remove_handle(slot.curl)
        lane.runs -= 1
        if stalled and error:
            run.answer.ours = stalled
        self._note_name(run, error)
        slot.run = None
        self.idle.append(slot)
        return run

    def _note_name(self, run: Run, error: int) -> None:
        """Names whose look-up hangs get lanes, and with them resolver threads, of their own."""
        host = run.target.host if run.target else ""
        if error == pycurl.E_OPERATION_TIMEDOUT and not run.answer.peer:
            self.slow_names.add(host)
        elif self.slow_names and not error:
            self.slow_names.discard(host)

    def void(self) -> None:
        """Time went by without us: what fails among the runs in flight now fails through our fault."""
        for slot in self.flying:
            if slot.run is not None:
                slot.run.answer.ours = STOOD_STILL
        for run in self.talks.runs():
            run.answer.ours = STOOD_STILL

    def drop(self) -> list[Run]:
        """Abandon everything in flight, e.g. to stop. Returns the abandoned runs."""
        dropped = self.talks.drop() + [slot.run for slot in self.flying if slot.run is not None]
        for slot, lane in self.flying.items():
            lane.multi.remove_handle(slot.curl)
            lane.runs -= 1
            slot.release()
        self.flying.clear()
        return self.tokens.drop(dropped)

    def wake(self) -> None:
        """End a `poll` early, from any thread."""
        os.eventfd_write(self.bell, 1)

    def close(self) -> None:
        self.drop()
        for slot in self.idle:
            slot.curl.close()
        for lane in self.lanes:
            lane.multi.close()
        self.epoll.close()
        os.close(self.bell)
