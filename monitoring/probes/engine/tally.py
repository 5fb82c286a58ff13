"""What a batch of results adds to the buckets, summed per probe and bucket before it is written.

A contribution goes into exactly one of minute and hour, and pages add both up: into the minute while minutes of that time are
still to be folded, else into the hour. Hours that are folded into days already pass it on to their day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitoring.catalogue.maintenance import parted
from monitoring.catalogue.states import Status
from monitoring.probes.engine.plans import Times, is_within
from monitoring.probes.engine.runs import Run
from monitoring.probes.models import Size
from monitoring.probes.states import Change, Span
from monitoring.probes.votes import Quorum
from opsconsole.lib import clock, histograms
from opsconsole.lib.calendars import zone
from opsconsole.lib.periods import midnight

COLUMNS = (
    "probe_id", "size", "start", "up", "degraded", "down", "unknown", "maintenance",
    "runs", "failures", "latency", "dns", "connect", "tls", "first_byte", "histogram",
)  # fmt: skip
STATES = COLUMNS[3:8]
"""How long it was what."""
SUMS = COLUMNS[3:15]
ANSWERS = COLUMNS[8:15]
"""What came of asking, without what was asked under maintenance."""
TIMES = COLUMNS[10:15]
"""Of good answers."""
ADDED = ", ".join(f"{name} = probes_bucket.{name} + excluded.{name}" for name in SUMS)
"""What an upsert does with them where the bucket is there."""
PLACE = {Status.UP: 0, Status.DEGRADED: 1, Status.DOWN: 2, Status.UNKNOWN: 3, Status.MAINTENANCE: 4}
_MINUTE, _HOUR = Size.MINUTE * 1000, Size.HOUR * 1000
Key = tuple[int, int, int]


@dataclass(frozen=True)
class Folded:
    """Up to where, in milliseconds, minutes were folded into hours and hours into days of a zone."""

    minutes: int = 0
    hours: int = 0
    zone: str = "UTC"

    def day_of(self, at: int) -> int:
        """The start, in seconds, of the day that holds a moment in milliseconds."""
        where = zone(self.zone)
        return clock.epoch(midnight(clock.moment(at / 1000).astimezone(where).date(), where))


def kept_of(times: Times, unseen: Iterable[tuple[int, int]]) -> list[Span]:
    """Maintenance in which nobody asked."""
    return [
        (Status.MAINTENANCE, start, end)
        for begin, finish in unseen
        for start, end, maintained in parted(begin, finish, times)
        if maintained
    ]


def out_of(times: Times, spans: Iterable[Span]) -> list[Span]:
    """Time under maintenance is that and nothing else."""
    return [
        (Status.MAINTENANCE if maintained else status, start, end)
        for status, whole, until in spans
        for start, end, maintained in parted(whole, until, times)
    ]


class Tally:
    """`rows()` gives tuples in the order of COLUMNS."""

    def __init__(self, folded: Folded, maintained: Mapping[int, Times] | None = None) -> None:
        self.folded = folded
        self.maintained = maintained or {}
        self.sums: dict[Key, list[int]] = {}
        self.histograms: dict[Key, list[float]] = {}

    def add(self, run: Run) -> None:
        """Take a judged run into account. What regions found is in it already where their votes are counted: time alone is added."""
        if run.change is None or run.verdict is None:
            return
        for span in self._spans(run.change, self.maintained.get(run.service_id)):
            self._span(run.probe_id, span)
        if not isinstance(run.target, Quorum):
            self.answer(run)

    def _spans(self, change: Change, times: Times | None) -> list[Span]:
        if times is None:
            return change.spans
        return out_of(times, change.spans) + kept_of(times, [change.unseen] if change.unseen else ())

    def answer(self, run: Run) -> None:
        """Take its answer alone into account, and no time; none that came under maintenance."""
        if is_within(run.at, self.maintained.get(run.service_id, ())):
            return
        for key in self._keys(run.probe_id, run.at, run.at + 1):
            self._result(key, run)

    def _span(self, probe_id: int, span: Span) -> None:
        status, start, end = span
        place = PLACE[status]
        while start < end:
            whole = start % _HOUR == 0 and end - start >= _HOUR
            step = _HOUR if whole or start < self.folded.minutes else _MINUTE
            stop = min(end, start - start % step + step)
            for key in self._keys(probe_id, start, stop):
                self._row(key)[place] += stop - start
            start = stop

    def _keys(self, probe_id: int, start: int, stop: int) -> list[Key]:
        """The buckets that [start, stop), which crosses no edge of a bucket, goes into."""
        if start >= self.folded.minutes and stop - start < _HOUR:
            return [(probe_id, 60, start // _MINUTE * 60)]
        hour = start - start % _HOUR
        keys = [(probe_id, 3600, hour // 1000)]
        if hour < self.folded.hours:
            keys.append((probe_id, 86400, self.folded.day_of(hour)))
        return keys

    def _row(self, key: Key) -> list[int]:
        row = self.sums.get(key)
        if row is None:
            row = self.sums[key] = [0] * len(SUMS)
        return row

    def _result(self, key: Key, run: Run) -> None:
        row, grade, answer = self._row(key), run.verdict.grade if run.verdict else Status.UNKNOWN, run.answer
        row[5] += 1
        if grade == Status.DOWN:
            row[6] += 1
        elif grade != Status.UNKNOWN and not answer.error:  # a failure that is wanted is no fast answer
            row[7] += round(answer.ms)
            row[8] += round(answer.dns)
            row[9] += round(answer.connect)
            row[10] += round(answer.tls)
            row[11] += round(answer.first_byte)
            self.histograms.setdefault(key, []).append(answer.ms)

    def rows(self) -> list[tuple[int | str, ...]]:
        """In the order of the key, which is the order of the table."""
        known = self.histograms
        return [
            (*key, *sums, histograms.encode(histograms.of(known[key])) if key in known else "")
            for key, sums in sorted(self.sums.items())
        ]
