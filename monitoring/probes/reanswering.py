"""Count the answers of some hours anew when maintenance was planned otherwise: what came under maintenance counts nowhere.

They are taken from the results as they were kept. Where those are gone, a bucket loses the share of its answers that it loses of
its time; what is then given back stays lost, for nobody knows what it was. Of what each step of an answer took only sums are kept:
they shrink and grow with the time of the whole.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Q

from monitoring.catalogue.states import Status
from monitoring.probes import together
from monitoring.probes.engine.plans import Times, is_within
from monitoring.probes.engine.tally import ANSWERS, Folded, Key
from monitoring.probes.models import Bucket, Probe, Result, SightingResult, Size
from monitoring.probes.states import CODES
from opsconsole.lib.histograms import Histogram, decode, encode, index
from opsconsole.lib.moments import from_ms, to_ms

_PASSES = (CODES[Status.UP], CODES[Status.DEGRADED])
_LATENCY = ANSWERS.index("latency")
Numbers = list[int]
"""Runs, failures, and sums over good answers, in milliseconds: ANSWERS."""


@dataclass
class Answers:
    """What a bucket holds of answers; `seen` is how many results there are of it, those under maintenance included."""

    numbers: Numbers = field(default_factory=lambda: [0] * len(ANSWERS))
    histogram: Histogram = field(default_factory=Histogram)
    seen: int = 0

    def take(self, outcome: int, ms: int | None) -> None:
        self.numbers[0] += 1
        self.numbers[1] += outcome == CODES[Status.DOWN]
        if outcome in _PASSES and ms is not None:
            self.numbers[_LATENCY] += ms
            self.histogram[index(ms)] += 1


def answers_again(
    probe: Probe, hours: tuple[int, int], times: Times, folded: Folded, left: Mapping[Key, float]
) -> None:
    """Of `hours` from one to another, in milliseconds since 1970, behind the lock of the marks. `left` is the share of what was measured
    that is left of a bucket by the new plans."""
    was, again = _held(probe.pk, *hours, folded), _kept(probe, *hours, times, folded)
    for key in sorted(was.keys() | again.keys()):
        before, after = was.get(key, Answers()), again.get(key, Answers())
        if after.seen < before.numbers[0]:
            after = by_share(before, left.get(key, 1.0))
        if after.numbers[: _LATENCY + 1] != before.numbers[: _LATENCY + 1]:
            _move(key, before, _stepped(before, after), folded)


def by_share(before: Answers, share: float) -> Answers:
    """The same with as much less as there is less time; of what is given back nothing is known."""
    share = min(1.0, share)
    histogram = Histogram({i: round(n * share) for i, n in before.histogram.items()})
    return Answers([round(n * share) for n in before.numbers], +histogram)


def _held(probe_id: int, start: int, end: int, folded: Folded) -> dict[Key, Answers]:
    """Of those buckets that pages add up: hours, and minutes that are not folded yet."""
    unfolded = Q(size=Size.HOUR) | Q(size=Size.MINUTE, start__gte=folded.minutes // 1000)
    rows = Bucket.objects.filter(unfolded, probe_id=probe_id, start__gte=start // 1000, start__lt=end // 1000)
    return {
        (probe_id, size, at): Answers(numbers, decode(text))
        for size, at, text, *numbers in rows.values_list("size", "start", "histogram", *ANSWERS)
    }


def _kept(probe: Probe, start: int, end: int, times: Times, folded: Folded) -> dict[Key, Answers]:
    found: dict[Key, Answers] = {}
    for at, outcome, ms in _results(probe, start, end):
        size = Size.MINUTE if at >= folded.minutes else Size.HOUR
        key = (probe.pk, int(size), at // 1000 // size * size)
        answers = found.setdefault(key, Answers())
        answers.seen += 1
        if not is_within(at, times):
            answers.take(outcome, ms)
    return found


def _results(probe: Probe, start: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Of a probe with regions those are answers that the regions got: its own are votes."""
    within = Q(at__gte=from_ms(start), at__lt=from_ms(end))
    sightings = list(probe.sightings.values_list("pk", flat=True)) if probe.regions else []
    rows = (
        SightingResult.objects.filter(within, sighting__in=sightings).values_list("at", "outcome", "ms")
        if probe.regions
        else Result.objects.filter(within, probe=probe).values_list("at", "outcome", "ms")
    )
    yield from ((to_ms(at), outcome, ms) for at, outcome, ms in rows)


def _stepped(before: Answers, after: Answers) -> Answers:
    known, latency = before.numbers[_LATENCY], after.numbers[_LATENCY]
    steps = [one * latency // known if known else 0 for one in before.numbers[_LATENCY + 1 :]]
    return Answers([*after.numbers[: _LATENCY + 1], *steps], after.histogram)


def _move(key: Key, before: Answers, after: Answers, folded: Folded) -> None:
    """A bucket from what it holds to what it should, and what is added up of it: its day, and all probes together."""
    probe_id, size, start = key
    more = [b - a for a, b in zip(before.numbers, after.numbers, strict=True)]
    sizes = {size: start}
    if size == Size.HOUR:
        together.hour_answers_move(start, more[:2], before.histogram, after.histogram)
        if start * 1000 < folded.hours:
            sizes[Size.DAY] = folded.day_of(start * 1000)
    for one, at in sizes.items():
        _add((probe_id, one, at), more, before.histogram, after.histogram)


def _add(key: Key, more: Collection[int], less: Histogram, plus: Histogram) -> None:
    probe_id, size, start = key
    row, _ = Bucket.objects.get_or_create(probe_id=probe_id, size=size, start=start)
    moved = {name: F(name) + number for name, number in zip(ANSWERS, more, strict=True)}
    text = encode(decode(row.histogram) + plus - less)
    Bucket.objects.filter(probe_id=probe_id, size=size, start=start).update(**moved, histogram=text)
