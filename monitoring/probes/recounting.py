"""Count anew what is behind us, hour by hour, when somebody planned the maintenance of a service otherwise.

The results of these hours are judged once more, their time goes to maintenance as plans have it now, and so their answers count or
do not (reanswering.py). How long was measured stays as it was; of a gap in which nobody asked, that is maintenance which plans have
so. Where results do not give that any more, since they came from elsewhere or are gone, a bucket is parted by the share of it that
is maintained; what is then given back counts as not measured, for nobody knows what it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from monitoring.catalogue.maintenance import parted
from monitoring.catalogue.models import Replanned
from monitoring.catalogue.states import Status
from monitoring.probes import together
from monitoring.probes.engine.plans import Times, times_of
from monitoring.probes.engine.store import store
from monitoring.probes.engine.tally import PLACE, STATES, Folded, Key, kept_of, out_of
from monitoring.probes.models import Bucket, Fold, Probe, Size
from monitoring.probes.pruning import RAW
from monitoring.probes.reanswering import answers_again
from monitoring.probes.rerunning import spans_again
from monitoring.probes.states import Span
from opsconsole.lib.moments import to_ms

_HOUR, _MINUTE = Size.HOUR * 1000, Size.MINUTE * 1000
_STEP = 6 * _HOUR  # of a probe, in one transaction
_KEPT = timedelta(days=1)
_SLACK = 1_000  # milliseconds by which two ways of counting an hour may differ
Counted = list[int]
"""Milliseconds up, slow, down, unknown and maintained: STATES."""
_UNKNOWN = PLACE[Status.UNKNOWN]


def recount(now: datetime) -> int:
    """Everything that is due; returns how many times of services were counted anew. Twice or two at once do no harm."""
    Replanned.objects.filter(handled_at__lt=now - _KEPT).delete()
    rows = list(Replanned.objects.filter(handled_at=None))
    for row in rows:
        if row.start < row.end:
            service_recount(row.service_id, max(to_ms(row.start), to_ms(now - RAW)), to_ms(row.end))
        Replanned.objects.filter(pk=row.pk).update(handled_at=now)
    return len(rows)


def service_recount(service_id: int, start: int, end: int) -> None:
    """Whole hours around [start, end), in milliseconds since 1970."""
    first, last = start - start % _HOUR, end - end % -_HOUR
    times = times_of(first, last).get(service_id, [])
    for probe in Probe.objects.filter(service_id=service_id):
        for at in range(first, last, _STEP):
            _count(probe, at, min(at + _STEP, last), times)


@transaction.atomic
def _count(probe: Probe, start: int, end: int, times: Times) -> None:
    """Behind the lock of the marks, so that meanwhile nothing is folded and no batch is written."""
    list(Fold.objects.select_for_update().order_by("size"))
    folded = store().folded()
    was = _buckets(probe.pk, start, end, folded)
    found = spans_again(probe, start, end)
    kept = kept_of(times, found.unseen)
    again = _counted(probe.pk, out_of(times, found.spans) + kept, folded)
    wanted: dict[Key, Counted] = {}
    for hour in range(start, end, _HOUR):
        room = Room(_length([span[1:] for span in kept], hour), _length(found.unseen, hour))
        wanted |= _hour(_within(was, hour), _within(again, hour), times, room)
    none = [0] * len(STATES)
    changes = {key: (was.get(key, none), counted) for key, counted in wanted.items()}
    _write(changes, probe, folded)
    answers_again(
        probe, (start, end), times, folded, {key: _left(*change) for key, change in changes.items()}
    )


def _left(before: Counted, after: Counted) -> float:
    """The share of what was measured that is left."""
    measured = sum(before[: PLACE[Status.MAINTENANCE]])
    return sum(after[: PLACE[Status.MAINTENANCE]]) / measured if measured else 1.0


def _buckets(probe_id: int, start: int, end: int, folded: Folded) -> dict[Key, Counted]:
    """Those that pages add up: hours, and minutes that are not folded yet."""
    unfolded = Q(size=Size.HOUR) | Q(size=Size.MINUTE, start__gte=folded.minutes // 1000)
    rows = Bucket.objects.filter(unfolded, probe_id=probe_id, start__gte=start // 1000, start__lt=end // 1000)
    return {(probe_id, size, at): times for size, at, *times in rows.values_list("size", "start", *STATES)}


def _counted(probe_id: int, spans: Sequence[Span], folded: Folded) -> dict[Key, Counted]:
    found: dict[Key, Counted] = {}
    for status, start, end in spans:
        for key, length in _places(probe_id, start, end, folded):
            found.setdefault(key, [0] * len(STATES))[PLACE[status]] += length
    return found


def _places(probe_id: int, start: int, end: int, folded: Folded) -> Iterator[tuple[Key, int]]:
    """The buckets of [start, end), and how much of it is in each."""
    while start < end:
        is_folded = start < folded.minutes
        step = _HOUR if is_folded else _MINUTE
        stop = min(end, start - start % step + step, folded.minutes if is_folded else end)
        yield (probe_id, step // 1000, start // step * step // 1000), stop - start
        start = stop


def _within(counted: Mapping[Key, Counted], hour: int) -> dict[Key, Counted]:
    first = hour // 1000
    return {key: times for key, times in counted.items() if first <= key[2] < first + Size.HOUR}


def _length(spans: Iterable[tuple[int, int]], hour: int) -> int:
    return sum(max(0, min(end, hour + _HOUR) - max(start, hour)) for start, end in spans)


class Room(NamedTuple):
    """How long in an hour nobody asked, and how much of that is maintained: it may have been maintained otherwise before."""

    kept: int
    unseen: int


def _hour(was: dict[Key, Counted], again: dict[Key, Counted], times: Times, room: Room) -> dict[Key, Counted]:
    """What the buckets of an hour should hold."""
    more = sum(map(sum, was.values())) - sum(map(sum, again.values())) + room.kept
    if -_SLACK <= more <= room.unseen + _SLACK:
        return {key: [0] * len(STATES) for key in was} | again
    return {key: by_share(counted, _share(key, times)) for key, counted in was.items()}


def _share(key: Key, times: Times) -> float:
    _, size, start = key
    pieces = parted(start * 1000, (start + size) * 1000, times)
    return sum(end - begin for begin, end, maintained in pieces if maintained) / (size * 1000)


def by_share(counted: Counted, share: float) -> Counted:
    """The same time with `share` of it in maintenance."""
    *states, maintained = counted
    wanted, measured = round(sum(counted) * share), sum(states)
    if wanted <= maintained:
        states[_UNKNOWN] += maintained - wanted
        return [*states, wanted]
    taken = [one * (wanted - maintained) // measured for one in states]
    return [*(one - less for one, less in zip(states, taken, strict=True)), maintained + sum(taken)]


def _write(changes: Mapping[Key, tuple[Counted, Counted]], probe: Probe, folded: Folded) -> None:
    """Buckets from what they hold to what they should, and what is added up of them: their days, and all probes together."""
    days = set()
    for (_, size, start), (before, after) in changes.items():
        more = [b - a for a, b in zip(before, after, strict=True)]
        if not any(more):
            continue
        _move(probe.pk, size, start, more)
        if size == Size.HOUR:
            together.hour_move(start, sum(more[:_UNKNOWN]), more[_UNKNOWN])
        if size == Size.HOUR and start * 1000 < folded.hours:
            days.add(day := folded.day_of(start * 1000))
            _move(probe.pk, Size.DAY, day, more)
    together.service_days_again(probe.service_id, days)


def _move(probe_id: int, size: int, start: int, more: Counted) -> None:
    Bucket.objects.get_or_create(probe_id=probe_id, size=size, start=start)
    moved = {name: F(name) + number for name, number in zip(STATES, more, strict=True)}
    Bucket.objects.filter(probe_id=probe_id, size=size, start=start).update(**moved)
