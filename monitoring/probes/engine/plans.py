"""When services are maintained, as the engine needs it: in memory, in milliseconds, read anew when somebody planned otherwise.

It costs one short query for a batch, in the batch's transaction and behind the lock of the marks: whoever counts anew what is
behind us (recounting.py) holds that lock, so that each moment is counted by one of the two with the plans as they then stand.
"""

from collections.abc import Collection, Mapping

from monitoring.catalogue.maintenance import planned, spans_of, stamp
from opsconsole.lib.moments import from_ms, to_ms

_AHEAD = 3_600_000
_BEHIND = 600_000
Times = list[tuple[int, int]]
"""[start, end) each, in order, apart from each other."""


def times_of(start: int, end: int) -> dict[int, Times]:
    """By service: when it is maintained within about [start, end)."""
    found = spans_of(planned(from_ms(start), from_ms(end)))
    return {one: [(to_ms(a), to_ms(b)) for a, b in spans] for one, spans in found.items()}


class Plans:
    """Ask it in the transaction that writes."""

    def __init__(self) -> None:
        self._stamp: tuple[int, int] | None = None
        self._start = self._end = 0
        self._times: dict[int, Times] = {}

    def between(self, start: int, end: int) -> Mapping[int, Times]:
        """Of services that are not maintained there is nothing."""
        known = stamp()
        if known != self._stamp or start < self._start or end > self._end:
            self._stamp, self._start, self._end = known, start - _BEHIND, end + _AHEAD
            self._times = times_of(self._start, self._end)
        return self._times


def is_within(at: int, times: Collection[tuple[int, int]]) -> bool:
    return any(begin <= at < finish for begin, finish in times)
