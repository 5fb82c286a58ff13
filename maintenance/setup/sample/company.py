"""Larkfield, who make booking software: people, services, probes, jobs and a channel."""

from datetime import timedelta

from django.conf import settings
from django.utils.text import slugify

from maintenance.setup.sample.world import World
from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.states import Schedule
from monitoring.probes.models import Probe
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
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
# name, service, cron, usual seconds
JOBS = (
    ("Backup database", "API", "0 2 * * *", 410),
    ("Backup files", "Web app", "0 3 * * *", 655),
    ("Backup configuration", "Back office", "0 4 * * *", 22),
    ("Invoices of the month", "Payments", "30 5 1 * *", 340),
    ("Reminder mails", "Mail delivery", "0 * * * *", 48),
    ("Search index", "Search", "20 1 * * *", 1180),
)


def build(world: World) -> None:
    world.people = {name: _person(name, role) for name, role in PEOPLE.items()}
    world.keep(world.people.values())
    for name, tier, owner, description, depends_on, _ in SERVICES:
        service = Service(name=name, tier=tier, owner=world.people[owner], description=description)
        _service(world, service, depends_on)
    world.keep(world.services.values())
    world.probes = [_probe(world, world.services[name]) for name, *_ in SERVICES]
    world.heartbeats = [_job(world, name, world.services[service], cron) for name, service, cron, _ in JOBS]
    world.channels = [_channel(world.people[name]) for name in ("Jonas Lind", "Sarah Okafor")]
    world.keep(world.channels)


def _person(name: str, role: Role) -> User:
    """Nobody can sign in as them: they have no password."""
    return User.objects.create_user(f"{slugify(name)}@larkfield.example", None, name=name, role=role)


def _service(world: World, service: Service, depends_on: tuple[str, ...]) -> None:
    service.slug = slugify(service.name)
    service.runbook_url = f"https://wiki.larkfield.example/runbooks/{service.slug}"
    service.save()
    service.depends_on.set([world.services[other] for other in depends_on])
    Service.objects.filter(pk=service.pk).update(created_at=world.start)
    world.services[service.name] = service


def _probe(world: World, service: Service) -> Probe:
    """It watches this console's own /healthz, so that the sample stays alive after it was loaded."""
    probe = Probe.objects.create(
        service=service,
        name=service.name,
        config={"url": f"{settings.OPSCONSOLE_URL}/healthz?service={service.slug}"},
        status=Status.UP,
        status_since=world.start,
        last_outcome=Status.UP,
        streak=1000,
        streak_since=world.start,
        last_at=world.now,
        settled_until=world.now,
        next_at=world.now,
    )
    Probe.objects.filter(pk=probe.pk).update(created_at=world.start)
    return probe


def _job(world: World, name: str, service: Service, cron: str) -> Heartbeat:
    return Heartbeat.objects.create(
        service=service,
        name=name,
        slug=slugify(name),
        schedule=Schedule.CRON,
        cron=cron,
        zone=world.zone.key,
        grace=timedelta(hours=1),
        status=Status.UP,
        status_since=world.start,
        changed_at=world.start,
    )


def _channel(user: User) -> Channel:
    """Open while the past is told; `load` closes it, since these mailboxes exist nowhere."""
    return Channel.objects.create(
        kind="email",
        name=f"Mail to {user.name}",
        config={"address": user.email},
        user=user,
        topics=[Topic.INCIDENTS, Topic.REPORTS],
    )
