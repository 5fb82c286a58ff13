"""What Larkfield changed on purpose: some four releases a week, flags and settings between them, and what broke something."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from monitoring.changes.models import Change, Kind
from monitoring.inbound.models import Arrival, Fate, Integration
from opsconsole.lib.calendars import instant
from opsconsole.lib.moments import to_ms
from opsconsole.lib.secrets import digest

ARRIVALS = timedelta(days=6)  # for which deliveries are kept
FRIDAY = 4
# of each service what a release brought, and how likely one is on a working day
USUAL: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "API": (0.3, ("faster search for free slots", "bookings by webhook", "limits for each key", "a smaller container", "errors with a hint")),
    "Web app": (0.28, ("the new calendar", "a shorter booking form", "fewer fonts", "keyboard for the day view", "Dutch texts")),
    "Payments": (0.12, ("refunds in parts", "receipts as PDF", "the provider’s new library")),
    "Search": (0.08, ("better matches for names", "an index for each country")),
    "Mail delivery": (0.06, ("reminders an hour ahead", "a quieter digest")),
}  # fmt: skip
BESIDES = (
    (Kind.FLAG, "Web app", "Flag new-calendar on for 10 % of the customers"),
    (Kind.FLAG, "Web app", "Flag new-calendar on for everybody"),
    (Kind.CONFIG, "API", "Database pool from 40 to 60 connections"),
    (Kind.CONFIG, "Mail delivery", "DNS: a second record for the mail provider"),
    (Kind.MIGRATION, "API", "Migration: index on bookings by day"),
    (Kind.MIGRATION, "Payments", "Migration: invoices keep their currency"),
)
AUTHORS = ("Jonas Lind", "Sarah Okafor")
LEAKS = "API: calendars are kept in memory"
What = tuple[datetime, Kind, str, str, str]
"""When, of which kind, of which service, the summary, and who did it."""


def draw(world: World, outages: Sequence[Outage], leak: tuple[datetime, datetime]) -> list[Change]:
    """In order of time; not stored yet."""
    dice = world.own("releases")
    found = [_change(world, one) for day in world.dates for one in _of_day(world, dice, day)]
    found += [
        _change(world, (o.start - timedelta(minutes=dice.randint(4, 11)), *_kind(o), o.who))
        for o in outages
        if o.case.change[0]
    ]
    begun, ended = leak[0] - timedelta(minutes=12), leak[1] - timedelta(minutes=3)
    found.append(_change(world, (begun, Kind.DEPLOY, "API", LEAKS, "Jonas Lind")))
    found.append(_change(world, (ended, Kind.DEPLOY, "API", f"Rolled back: {LEAKS}", "Sarah Okafor")))
    found.sort(key=lambda change: change.at)
    return found


def _kind(outage: Outage) -> tuple[Kind, str, str]:
    kind, summary = outage.case.change
    return Kind(kind), outage.case.service, summary


def _of_day(world: World, dice: Random, day: date) -> Iterator[What]:
    """Nothing at weekends, and nothing on a Friday afternoon."""
    if day.weekday() > FRIDAY:
        return
    last = 11 if day.weekday() == FRIDAY else 16
    for service, (chance, brought) in USUAL.items():
        if dice.random() < chance:
            at = instant(day, time(dice.randint(9, last), dice.randint(0, 59)), world.zone)
            yield at, Kind.DEPLOY, service, f"{service}: {dice.choice(brought)}", dice.choice(AUTHORS)
    if dice.random() < 0.09:
        yield (
            instant(day, time(dice.randint(9, last), 25), world.zone),
            *dice.choice(BESIDES),
            dice.choice(AUTHORS),
        )


def _change(world: World, what: What) -> Change:
    at, kind, service, summary, author = what
    slug = world.services[service].slug
    return Change(
        kind=kind,
        summary=summary,
        service=world.services[service],
        source="Larkfield CI",
        author=author,
        url=f"https://code.larkfield.example/{slug}/deploys/{int(at.timestamp()) // 60}",
        at=at,
        noted_at=at,
        dedup_key=digest(f"{slug}:{at.isoformat()}:{summary}"),
    )


def moments(changes: Sequence[Change]) -> dict[str, list[int]]:
    """When each service was released, in milliseconds since 1970."""
    found: dict[str, list[int]] = {}
    for change in changes:
        if change.kind == Kind.DEPLOY and change.service:
            found.setdefault(change.service.name, []).append(to_ms(change.at))
    return found


def write(world: World, changes: Sequence[Change], ci: Integration) -> None:
    """The last ones as they arrived, too."""
    world.keep(Change.objects.bulk_create(changes, batch_size=500))
    Arrival.objects.bulk_create(_arrival(ci, one) for one in changes if world.now - one.at < ARRIVALS)
    Integration.objects.filter(pk=ci.pk).update(received_at=changes[-1].at)


def _arrival(ci: Integration, change: Change) -> Arrival:
    """As PagerDuty's change events say it."""
    said = {
        "summary": change.summary,
        "source": change.service.slug if change.service else "",
        "timestamp": change.at.isoformat(),
    }
    body = json.dumps(
        {"routing_key": f"{ci.prefix}…", "payload": {**said, "custom_details": {"author": change.author, "kind": change.kind}},
         "links": [{"href": change.url, "text": "Deploy"}]}
    ).encode()  # fmt: skip
    return Arrival(
        integration=ci,
        at=change.at,
        digest=change.dedup_key,
        headers={"path": "/v2/change/enqueue"},
        packed=zlib.compress(body, 1),
        size=len(body),
        fate=Fate.READ,
        note="1 change",
        due_at=change.at,
    )
