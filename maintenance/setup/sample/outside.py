"""What Larkfield depends on outside: a certificate, a domain, and two vendors' status pages, for the last hundred days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from maintenance.setup.sample.series import Row, days_of
from maintenance.setup.sample.shapes import Shape, shapes
from maintenance.setup.sample.world import World, insert
from monitoring.catalogue.states import Status
from monitoring.probes.engine.tally import COLUMNS
from monitoring.probes.models import Bucket, EndingNotice, Finding, Probe, Result, Size
from monitoring.probes.states import CODES
from opsconsole.lib import clock
from opsconsole.lib.moments import to_ms

BACK = timedelta(days=100)
TOLD = timedelta(days=30)  # before it ends


@dataclass(frozen=True)
class Outside:
    """`hours` is how often it is asked, at the same minute; `ends` in how many days it runs out."""

    kind: str
    name: str
    service: str
    config: dict[str, Any]
    hours: int
    ms: int
    says: str = ""
    ends: float = 0


OUTSIDE = (
    Outside("tls", "Certificate of the app", "Web app", {"host": "app.larkfield.example", "degraded_days": 14}, 24, 41, ends=23.4),
    Outside("domain", "larkfield.example", "Web app", {"host": "larkfield.example"}, 24, 310, ends=47.2),
    Outside("vendor", "Payment provider’s status", "Payments", {"url": "https://status.payments.example"}, 1, 180, "All systems operational"),
    Outside("vendor", "Mail provider’s status", "Mail delivery", {"url": "https://status.mails.example"}, 1, 150, "All systems operational"),
)  # fmt: skip


def write(world: World) -> None:
    """They hang on their services, and go with them."""
    drawn = shapes(world.own("outside"))
    for one in OUTSIDE:
        probe = _probe(world, one)
        _found(world, one, probe)
        _write(world, one, probe, drawn)


def _probe(world: World, one: Outside) -> Probe:
    """It was asked just now, so that nobody is asked while somebody looks at the sample for the first time."""
    begun = world.now - BACK
    ends = world.now + timedelta(days=one.ends) if one.kind == "tls" else None
    probe = Probe.objects.create(
        service=world.services[one.service],
        name=one.name,
        kind=one.kind,
        config=one.config,
        interval=one.hours * 3600,
        retry_interval=60,
        status=Status.UP,
        status_since=begun,
        last_outcome=Status.UP,
        last_ms=one.ms,
        streak=BACK.days * 24 // one.hours,
        streak_since=begun,
        last_at=world.now,
        settled_until=world.now,
        next_at=world.now + timedelta(hours=one.hours),
        certificate_expires_at=ends,
        certificate_seen_at=ends and world.now,
    )
    Probe.objects.filter(pk=probe.pk).update(created_at=begun)
    return probe


def _found(world: World, one: Outside, probe: Probe) -> None:
    """What it learnt the last time; and who was told that the certificate ends."""
    ends = world.now + timedelta(days=one.ends)
    facts = {
        "domain": {"ends": to_ms(ends), "registrar": "Larkfield Domains"},
        "vendor": {"says": one.says, "link": ""},
    }
    if one.kind in facts:
        due = ends if one.kind == "domain" else None
        Finding.objects.create(probe=probe, at=world.now, facts=facts[one.kind], ends_at=due)
    else:
        EndingNotice.objects.create(
            probe=probe, what="certificate", ends_at=ends, days=TOLD.days, at=ends - TOLD
        )


def _write(world: World, one: Outside, probe: Probe, drawn: Sequence[Shape]) -> None:
    hours = list(_hours(world, one, drawn))
    running = clock.epoch(world.now) // Size.HOUR * Size.HOUR
    minutes = [
        _up(start, Size.MINUTE, 0, drawn[0], one.ms)
        for start in range(running, clock.epoch(world.now) - 59, Size.MINUTE)
    ]
    for size, rows in ((Size.HOUR, hours), (Size.DAY, days_of(world, hours)), (Size.MINUTE, minutes)):
        insert(Bucket, COLUMNS, ((probe.pk, int(size), *row) for row in rows))
    asked = range(to_ms(world.now), to_ms(world.now - timedelta(days=14)), -one.hours * 3_600_000)
    columns = ("probe_id", "at", "outcome", "ms", "code")
    insert(
        Result, columns, ((probe.pk, at, CODES[Status.UP], one.ms + at // 60_000 % 17, None) for at in asked)
    )


def _hours(world: World, one: Outside, drawn: Sequence[Shape]) -> Iterator[Row]:
    first, running = (clock.epoch(at) // Size.HOUR * Size.HOUR for at in (world.now - BACK, world.now))
    for start in range(first, running, Size.HOUR):
        asked = int((running - start) // Size.HOUR % one.hours == 0)
        yield _up(start, Size.HOUR, asked, drawn[start // Size.HOUR % len(drawn)], one.ms)


def _up(start: int, seconds: int, runs: int, shape: Shape, ms: int) -> Row:
    return (start, seconds * 1000, 0, 0, 0, 0, runs, 0, *shape.of(ms, runs))
