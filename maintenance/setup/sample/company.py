"""Larkfield, who make booking software: people, services, probes, jobs and a channel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import slugify

from maintenance.setup.sample.world import World
from monitoring.catalogue.links import Link
from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.states import Schedule
from monitoring.probes.models import Probe
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.lib.calendars import instant
from opsconsole.lib.http import hooks
from opsconsole.outbox.models import Channel, Topic

PEOPLE = {
    "Mia Berger": Role.MANAGER,
    "Jonas Lind": Role.RESPONDER,
    "Sarah Okafor": Role.RESPONDER,
    "Ada Novak": Role.VIEWER,
}
# name, tier, owner, what it is, what it depends on, usual latency in ms
SERVICES = (
    ("API", 1, "Sarah Okafor", "What the web app and the integrations talk to.", (), 85),
    ("Web app", 1, "Jonas Lind", "Where customers take and change bookings.", ("API",), 140),
    ("Payments", 1, "Sarah Okafor", "Deposits and invoices.", ("API",), 210),
    ("Mail delivery", 2, "Jonas Lind", "Confirmations and reminders.", ("API",), 320),
    ("Search", 2, "Sarah Okafor", "Finding a free slot.", ("API",), 65),
    ("Calendar sync", 2, "Jonas Lind", "Two-way sync with customers' calendars.", ("API",), 260),
    ("Help centre", 3, "Mia Berger", "Articles for customers.", (), 95),
    ("Back office", 3, "Mia Berger", "Our own tools.", ("API",), 180),
)


SLOW = 2000  # ms, as its troubles of the past say


@dataclass(frozen=True)
class Job:
    """What runs by itself: at which time of day, how many seconds it usually takes, and on which day of the month."""

    name: str
    service: str
    wall: time
    seconds: float
    day: str = "*"

    @property
    def cron(self) -> str:
        return f"{self.wall.minute} {self.wall.hour} {self.day} * *"

    def dues(self, dates: Iterable[date], zone: ZoneInfo) -> Iterator[datetime]:
        return (instant(day, self.wall, zone) for day in dates if self.day in ("*", str(day.day)))


JOBS = (
    Job("Backup database", "API", time(2), 410),
    Job("Backup files", "Web app", time(3), 655),
    Job("Backup configuration", "Back office", time(4), 22),
    Job("Search index", "Search", time(1, 20), 1180),
    Job("Reminder mails", "Mail delivery", time(6, 30), 96),
    Job("Invoices of the month", "Payments", time(5, 30), 340, day="1"),
    Job("Test transaction", "Web app", time(8, 15), 14),
)


def build(world: World) -> None:
    world.people = {name: _person(world, name, role) for name, role in PEOPLE.items()}
    world.keep(world.people.values())
    for name, tier, owner, description, depends_on, _ in SERVICES:
        service = Service(name=name, tier=tier, owner=world.people[owner], description=description)
        _service(world, service, depends_on)
    world.keep(world.services.values())
    world.probes = {name: _probe(world, world.services[name], ms) for name, *_, ms in SERVICES}
    world.heartbeats = {job.name: _job(world, job) for job in JOBS}
    world.channels = [_mail(world.people[name]) for name in ("Jonas Lind", "Sarah Okafor")] + [_chat()]
    world.keep(world.channels)


def _person(world: World, name: str, role: Role) -> User:
    """Nobody can sign in as them: they have no password."""
    lately = world.now - timedelta(hours=world.dice.randint(2, 300 if role == Role.VIEWER else 30))
    email = f"{slugify(name)}@larkfield.example"
    return User.objects.create_user(email, None, name=name, role=role, last_login=lately)


def _service(world: World, service: Service, depends_on: tuple[str, ...]) -> None:
    service.slug = slugify(service.name)
    service.runbook_url = f"https://wiki.larkfield.example/runbooks/{service.slug}"
    service.links, service.requirements = _links(service.slug), [f"REQ-{len(world.services) + 1:03}"]
    service.save()
    service.depends_on.set([world.services[other] for other in depends_on])
    Service.objects.filter(pk=service.pk).update(created_at=world.start)
    world.services[service.name] = service


def _links(slug: str) -> list[Link]:
    """Nobody answers there; they show how a link carries the time."""
    return [
        Link(title="Logs", url=f"https://logs.larkfield.example/?app={slug}&from={{from_ms}}&to={{to_ms}}"),
        Link(
            title="Dashboard", url=f"https://graphs.larkfield.example/d/{slug}?from={{from_ms}}&to={{to_ms}}"
        ),
    ]


def _probe(world: World, service: Service, ms: int) -> Probe:
    """It watches this console's own /healthz, so that the sample stays alive after it was loaded."""
    probe = Probe.objects.create(
        service=service,
        name=service.name,
        config={
            "url": f"{settings.OPSCONSOLE_URL}/healthz?service={service.slug}",
            "latency_degraded_ms": SLOW,
        },
        status=Status.UP,
        status_since=world.start,
        last_outcome=Status.UP,
        last_ms=ms,
        streak=1000,
        streak_since=world.start,
        last_at=world.now,
        settled_until=world.now,
        next_at=world.now,
    )
    Probe.objects.filter(pk=probe.pk).update(created_at=world.start)
    return probe


def _job(world: World, job: Job) -> Heartbeat:
    return Heartbeat.objects.create(
        service=world.services[job.service],
        name=job.name,
        slug=slugify(job.name),
        schedule=Schedule.CRON,
        cron=job.cron,
        zone=world.zone.key,
        grace=timedelta(hours=1),
        status=Status.UP,
        status_since=world.start,
        changed_at=world.start,
    )


def _mail(user: User) -> Channel:
    """Open while the past is told; `load` closes it, since these mailboxes exist nowhere."""
    return Channel.objects.create(
        kind="email",
        name=f"Mail to {user.name}",
        config={"address": user.email},
        user=user,
        topics=[Topic.INCIDENTS, Topic.REPORTS],
    )


def _chat() -> Channel:
    config = {"url": "https://chat.larkfield.example/hooks/ops", "secret": hooks.new_secret()}
    return Channel.objects.create(kind="webhook", name="Team chat", config=config, topics=[Topic.INCIDENTS])
