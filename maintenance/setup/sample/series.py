"""What the probes measured: buckets of hours and days for the whole time, minutes and single results for the last day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from math import cos, pi
from typing import Any

from maintenance.setup.sample.company import SERVICES
from maintenance.setup.sample.outages import Outage, Spell
from maintenance.setup.sample.shapes import Shape, shapes
from maintenance.setup.sample.world import World, insert
from monitoring.catalogue.states import Status
from monitoring.probes.engine.tally import COLUMNS
from monitoring.probes.folding import marks_set
from monitoring.probes.models import Bucket, Result, Size
from monitoring.probes.states import CODES
from opsconsole.lib import clock, histograms
from opsconsole.lib.moments import to_ms
from opsconsole.lib.periods import midnight

PACE = 30  # seconds between two runs of a probe
USUAL = {name: latency for name, *_, latency in SERVICES}
SLOWER = 4.0  # times, while a service is slow
Span = tuple[int, int]
Row = tuple[Any, ...]
"""A bucket from its start on, in the order of COLUMNS."""


class Spans:
    """Spans that do not overlap, of which it is asked thousands of times how much of an hour lies in them."""

    def __init__(self, times: Iterable[tuple[datetime, datetime]]) -> None:
        self.spans = sorted((to_ms(start), to_ms(end)) for start, end in times)
        self.ends = [end for _, end in self.spans]

    def within(self, start: int, end: int) -> int:
        """How many milliseconds of [start, end) lie in them."""
        lasted, place = 0, bisect_right(self.ends, start)
        while place < len(self.spans) and self.spans[place][0] < end:
            lasted += min(end, self.spans[place][1]) - max(start, self.spans[place][0])
            place += 1
        return lasted


class Past:
    """What happened to one probe, as spans of milliseconds."""

    def __init__(self, service: str, outages: Sequence[Outage], spells: Sequence[Spell]) -> None:
        self.service = service
        downs = [one for one in outages if one.case.service == service and not one.case.job]
        self.down = Spans((one.start, one.end) for one in downs if one.end)
        slow = [one for one in spells if one.service == service and one.is_slow]
        self.slow = Spans((one.start, one.end) for one in slow)
        self.deaf = Spans((one.start, one.end) for one in spells if one.is_gap)
        self.kept = Spans((one.start, one.end) for one in spells if service in one.maintained)


def write(world: World, outages: Sequence[Outage], spells: Sequence[Spell]) -> None:
    drawn = shapes(world.dice)
    for service, probe in world.probes.items():
        past = Past(service, outages, spells)
        hours = list(_buckets(world, past, _hours(world), drawn))
        for size, rows in (
            (Size.HOUR, hours),
            (Size.DAY, days_of(world, hours)),
            (Size.MINUTE, _buckets(world, past, _minutes(world), drawn)),
        ):
            insert(Bucket, COLUMNS, ((probe.pk, int(size), *row) for row in rows))
        insert(Result, ("probe_id", "at", "outcome", "ms", "code"), _results(world, probe.pk, past))
    marks_set(
        hours_until=world.now.replace(minute=0, second=0, microsecond=0),
        days_until=midnight(world.today, world.zone),
        zone_name=world.zone.key,
    )


def _hours(world: World) -> Iterator[Span]:
    first = world.start.replace(minute=0, second=0, microsecond=0)
    count = int((world.now - first).total_seconds() // 3600)
    start = int(first.timestamp() * 1000)
    return ((start + n * 3_600_000, start + (n + 1) * 3_600_000) for n in range(count))


def days_of(world: World, hours: Iterable[Row]) -> Iterator[Row]:
    """Hours added up as a fold does it, so that a figure is the same whichever of the two it is read from."""
    whole = set(world.dates)
    for day, rows in groupby(hours, lambda row: clock.moment(row[0]).astimezone(world.zone).date()):
        if day in whole:
            _, *sums, texts = zip(*rows, strict=True)
            text = histograms.encode(histograms.merge(texts))
            yield clock.epoch(midnight(day, world.zone)), *map(sum, sums), text


def _minutes(world: World) -> Iterator[Span]:
    last = int(world.now.replace(second=0, microsecond=0).timestamp() * 1000)
    return ((last - (n + 1) * 60_000, last - n * 60_000) for n in range(1440))


def _buckets(world: World, past: Past, spans: Iterable[Span], drawn: Sequence[Shape]) -> Iterator[Row]:
    return (_bucket(world, past, span, world.dice.choice(drawn)) for span in spans)


def _bucket(world: World, past: Past, span: Span, shape: Shape) -> Row:
    down, slow = past.down.within(*span), past.slow.within(*span)
    deaf, kept = past.deaf.within(*span), past.kept.within(*span)
    length = span[1] - span[0]
    up = length - down - slow - deaf - kept
    runs, failures = round((length - deaf - kept) / 1000 / PACE), round(down / 1000 / PACE)
    typical = usual_ms(world, past.service, span[0]) * (1 + (SLOWER - 1) * slow / length)
    return (span[0] // 1000, up, slow, down, 0, kept, runs, failures, *shape.of(typical, runs - failures))


def usual_ms(world: World, service: str, at: float) -> float:
    """Slower in the afternoon and as the company grows, faster since a change 60 days ago. `at` is in milliseconds."""
    days = (world.now.timestamp() - at / 1000) / 86_400
    growth = 1 + 0.25 * (1 - days / world.days) if days > 60 else 0.95
    busy = 1 - 0.25 * cos((at / 3_600_000 % 24 - 3) / 24 * 2 * pi)
    return USUAL[service] * growth * busy


def _results(world: World, probe: int, past: Past) -> Iterator[tuple[int, ...]]:
    """One every PACE seconds of the last day, but in outages; those are told by their failures."""
    last = to_ms(world.now)
    for at in range(last, last - 86_400_000, -PACE * 1000):
        if not past.down.within(at, at + 1):
            ms = round(usual_ms(world, past.service, at) * world.dice.lognormvariate(0, 0.25))
            yield probe, at, CODES[Status.UP], ms, 200
