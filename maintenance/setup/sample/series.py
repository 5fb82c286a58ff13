"""What the probes measured: buckets of hours and days for the whole time, minutes and single results for the last day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import cos, pi
from typing import Any

from maintenance.setup.sample.company import SERVICES
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from monitoring.catalogue.states import Status
from monitoring.probes import together
from monitoring.probes.folding import marks_set
from monitoring.probes.models import Bucket, Probe, Result, Size
from monitoring.probes.states import CODES
from opsconsole.lib import histograms
from opsconsole.lib.periods import midnight

PACE = 30  # seconds between two runs of a probe
USUAL = {name: latency for name, *_, latency in SERVICES}
Span = tuple[int, int]


def write(world: World, outages: Sequence[Outage]) -> None:
    for probe in world.probes:
        downs = [_ms(o.start, o.end) for o in outages if o.service == probe.service.name]
        hours = list(_buckets(world, probe, Size.HOUR, _hours(world), downs))
        days = list(_buckets(world, probe, Size.DAY, _days(world), downs))
        minutes = list(_buckets(world, probe, Size.MINUTE, _minutes(world), downs))
        Bucket.objects.bulk_create([*hours, *days, *minutes], batch_size=500)
        Result.objects.bulk_create(_results(world, probe), batch_size=1000)
    together.make()
    marks_set(
        hours_until=world.now.replace(minute=0, second=0, microsecond=0),
        days_until=midnight(world.now.astimezone(world.zone).date(), world.zone),
        zone_name=world.zone.key,
    )


def _ms(start: datetime, end: datetime) -> Span:
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)


def _hours(world: World) -> Iterator[Span]:
    first = world.start.replace(minute=0, second=0, microsecond=0)
    count = int((world.now - first).total_seconds() // 3600)
    return (_ms(at, at + timedelta(hours=1)) for at in (first + timedelta(hours=n) for n in range(count)))


def _days(world: World) -> Iterator[Span]:
    """Days of the team's zone, so that one may have 23 or 25 hours."""
    return (
        _ms(midnight(day, world.zone), midnight(day + timedelta(days=1), world.zone)) for day in world.dates
    )


def _minutes(world: World) -> Iterator[Span]:
    last = world.now.replace(second=0, microsecond=0)
    return (_ms(at - timedelta(minutes=1), at) for at in (last - timedelta(minutes=n) for n in range(1440)))


def _buckets(
    world: World, probe: Probe, size: Size, spans: Iterable[Span], downs: Sequence[Span]
) -> Iterator[Bucket]:
    for start, end in spans:
        length = end - start
        down = sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in downs)
        runs = round(length / 1000 / PACE)
        failures = min(runs, round(down / 1000 / PACE))
        yield Bucket(
            probe=probe,
            size=size,
            start=start // 1000,
            up=length - down,
            down=down,
            runs=runs,
            failures=failures,
            **_latencies(world, probe, start, max(0, runs - failures)),
        )


def _latencies(world: World, probe: Probe, start: int, answered: int) -> dict[str, Any]:
    """Sums over the answered runs. Twenty draws stand for all of them, which is what a histogram needs."""
    if not answered:
        return {}
    typical = usual_ms(world, probe, datetime.fromtimestamp(start / 1000, UTC))
    draws = [typical * world.dice.lognormvariate(0, 0.25) for _ in range(min(20, answered))]
    share = answered / len(draws)
    histogram = histograms.of(draws)
    scaled = {index: max(1, round(count * share)) for index, count in histogram.items()}
    total = round(sum(draws) * share)
    return {
        "latency": total,
        "dns": total // 40,
        "connect": total // 12,
        "tls": total // 8,
        "first_byte": total // 2,
        "histogram": histograms.encode(type(histogram)(scaled)),
    }


def usual_ms(world: World, probe: Probe, at: datetime) -> float:
    """Slower in the afternoon and as the company grows, faster since a change 60 days ago."""
    age = (world.now - at) / timedelta(days=world.days)
    growth = 1 + 0.25 * (1 - age) if age > 60 / world.days else 0.95
    busy = 1 - 0.25 * cos((at.hour - 3) / 24 * 2 * pi)
    return USUAL[probe.service.name] * growth * busy


def _results(world: World, probe: Probe) -> Iterator[Result]:
    for n in range(86_400 // PACE):
        at = world.now - timedelta(seconds=PACE * n)
        ms = round(usual_ms(world, probe, at) * world.dice.lognormvariate(0, 0.25))
        yield Result(probe=probe, at=at, outcome=CODES[Status.UP], ms=ms, code=200)
