"""Notice that time did something odd: the wall clock was moved, or this process was stopped or suspended."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)
LONGEST_DRIFT = 30.0  # seconds by which wall and monotonic clock may part between two looks
LONGEST_SLEEP = 60.0


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Clocks:
    """Ask `jumped` often. What was scheduled or in flight before a jump says nothing about those who are probed."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._seen = wall(), steady()

    def jumped(self) -> bool:
        wall, steady = self._wall(), self._steady()
        slept = steady - self._seen[1]
        drift = wall - self._seen[0] - slept
        self._seen = wall, steady
        odd = abs(drift) > LONGEST_DRIFT or slept > LONGEST_SLEEP
        if odd:
            log.warning("time jumped: the clock moved by %.0f s, after %.0f s without a look", drift, slept)
        return odd
