"""Group commit: whoever comes first writes for all who came meanwhile; an answer is given after its commit and never before."""

import logging
import os
import threading
from collections import deque

from monitoring.metrics.writing import Push, write

log = logging.getLogger(__name__)

BUSY = "the console could not store this; send it again"
_WITHIN = 10.0
_TOGETHER = 32
_MOST_WAITING = 256


class _Waiting:
    __slots__ = ("answer", "done", "push")

    def __init__(self, push: Push) -> None:
        self.push, self.answer, self.done = push, BUSY, False


class Inbox:
    """The queue of pushes, and the lock of the one who writes."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._writing = threading.Lock()

    def store(self, push: Push) -> str:
        """Commit a push: "" when it is on the disk, BUSY to come again, or why it is refused."""
        if len(self._waiting) >= _MOST_WAITING:
            return BUSY
        mine = _Waiting(push)
        self._waiting.append(mine)
        if not self._writing.acquire(timeout=_WITHIN):
            return BUSY
        try:
            while not mine.done:
                self._write()
        finally:
            self._writing.release()
        return mine.answer

    def _write(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(_TOGETHER, len(self._waiting)))]
        try:
            for waiting, answer in zip(batch, write([each.push for each in batch]), strict=True):
                waiting.answer = answer
        except Exception:
            log.exception("%d pushes could not be stored; the senders were told to come again", len(batch))
        for waiting in batch:
            waiting.done = True


inbox = Inbox()
os.register_at_fork(after_in_child=inbox._reset)
