"""The systems that send to Larkfield's console, what came from them, and what nobody had to be told of."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_note, incident_resolve
from maintenance.setup.sample.alarms import tell
from maintenance.setup.sample.outages import Spell
from maintenance.setup.sample.world import World
from monitoring.alerts.quieting import silence_create
from monitoring.alerts.recurring import Repeats
from monitoring.alerts.states import WAIT, Level
from monitoring.alerts.windows import Plan, window_create
from monitoring.inbound.kinds import kinds
from monitoring.inbound.models import Integration
from monitoring.inbound.services import integration_create, integration_map
from monitoring.inbound.taking import arrival_settle, arrival_store, parcel_of, understood
from opsconsole.lib.calendars import instant

CLUSTER, CI, ERRORS, BACKUP = "Alertmanager of the cluster", "Larkfield CI", "Sentry", "Backup host"
Story = tuple[datetime, Callable[[], None]]


@dataclass(frozen=True)
class Alarm:
    """What the Alertmanager said: of which machine, how many days ago and how long; `silent` is why nobody was told."""

    name: str
    machine: str
    said: str
    days: float
    minutes: int
    note: str = ""
    silent: str = ""


ALARMS = (
    Alarm("NodeDiskFillsUp", "db-2", "The disk of db-2 will be full within a day", 9.3, 95, "Removed the old write-ahead log; db-2 now archives it every hour."),
    Alarm("NodeClockSkew", "api-3", "The clock of api-3 is 4 s wrong", 31.6, 40, "The time service had stopped after an update; started it again."),
    Alarm("CertificateRenewalFailed", "proxy-1", "proxy-1 could not renew a certificate", 58.4, 130, "The rule for the challenge was missing after the move."),
    Alarm("NodeDiskFillsUp", "backup-1", "The disk of backup-1 will be full within a day", 96.2, 210, "Copies of last winter went to the cold store."),
    Alarm("ReplicationLag", "db-2", "db-2 is 4 min behind db-1", 140.5, 55, "A report ran on the replica; it runs at night from now on."),
    Alarm("NodeMemoryLow", "search-1", "search-1 has 3 % of its memory left", 201.3, 70, "Gave the index half a gigabyte less."),
    Alarm("ReplicationLag", "db-2", "db-2 is 6 min behind db-1", 266.8, 35, "The network card was replaced."),
    Alarm("NodeDiskFillsUp", "db-1", "The disk of db-1 will be full within a day", 330.1, 80, "Added 200 GB."),
    Alarm("ReplicationLag", "db-2", "db-2 is 11 min behind db-1", 40.2, 25, silent="db-2 is built anew and catches up"),
)  # fmt: skip
FULL = Alarm(
    "BackupDiskNearlyFull",
    "backup-1",
    "The disk of backup-1 is 91 % full",
    1.1,
    0,
    silent="The new disk comes on Tuesday",
)


def integrations_make(world: World) -> dict[str, Integration]:
    """By name."""
    wanted = (
        (CLUSTER, "alertmanager", Level.P3),
        (CI, "pagerduty", Level.P3),
        (ERRORS, "sentry", Level.P2),
        (BACKUP, "webhook", Level.P3),
    )
    made = {}
    for name, kind, severity in wanted:
        made[name], _ = integration_create(
            actor=world.people["Mia Berger"], kind=kind, name=name, severity=severity, now=world.start
        )
    paths = {
        "title": "event",
        "key": "host",
        "state": "result",
        "severity": "",
        "url": "",
        "at": "finished",
        "items": "",
    }
    integration_map(actor=world.people["Mia Berger"], integration=made[BACKUP], mapping=paths)
    world.keep(made.values())
    return made


def stories(world: World, integrations: Mapping[str, Integration]) -> list[Story]:
    """What came, each at its time."""
    cluster = integrations[CLUSTER]
    found: list[Story] = []
    for alarm in (*ALARMS, FULL):
        at = world.now - timedelta(days=alarm.days)
        if at > world.start:
            found.append((at, partial(_hushed if alarm.silent else _handled, world, cluster, alarm, at)))
    night = instant(world.today, time(4, 30), world.zone)
    night = night if night < world.now else night - timedelta(days=1)
    return [*found, (night, partial(_reported, integrations[BACKUP], night))]


def _handled(world: World, cluster: Integration, alarm: Alarm, at: datetime) -> None:
    """An incident of its own, in which somebody did something about it."""
    over, who = (
        at + timedelta(minutes=alarm.minutes),
        world.people[world.own(alarm.note).choice(("Jonas Lind", "Sarah Okafor"))],
    )
    before = Incident.objects.order_by("-number").first()
    _said(cluster, alarm, at, None)
    tell(at + WAIT)
    incident = Incident.objects.order_by("-number")[0]
    if incident == before:  # it joined one that was live
        _said(cluster, alarm, at, over)
        tell(over)
        return
    world.keep([incident])
    incident_acknowledge(actor=who, incident=incident, now=at + timedelta(minutes=6))
    incident_note(actor=who, incident=incident, text=alarm.note, now=over - timedelta(minutes=5))
    _said(cluster, alarm, at, over)
    tell(over)
    incident_resolve(actor=who, incident=incident, now=over + timedelta(minutes=4))


def _hushed(world: World, cluster: Integration, alarm: Alarm, at: datetime) -> None:
    """Silenced before it fired; that of today lasts."""
    silence = silence_create(
        actor=world.people["Jonas Lind"],
        matchers=f"alertname={alarm.name}\ninstance={alarm.machine}",
        reason=alarm.silent,
        lasts=timedelta(hours=3) if alarm.minutes else timedelta(days=4),
        now=at - timedelta(minutes=20),
    )
    world.keep([silence])
    _said(cluster, alarm, at, None)
    tell(at + WAIT)
    if alarm.minutes:
        over = at + timedelta(minutes=alarm.minutes)
        _said(cluster, alarm, at, over)
        tell(silence.ends_at)


def _said(cluster: Integration, alarm: Alarm, at: datetime, over: datetime | None) -> None:
    """One delivery of an Alertmanager: that it fires, or with its end that it is over."""
    status, ends = ("resolved", over.isoformat()) if over else ("firing", "0001-01-01T00:00:00Z")
    labels = {"alertname": alarm.name, "instance": alarm.machine, "severity": "info"}
    one = {
        "status": status,
        "labels": labels,
        "annotations": {"summary": alarm.said},
        "startsAt": at.isoformat(),
        "endsAt": ends,
        "generatorURL": f"https://prometheus.larkfield.example/graph?g0.expr={alarm.name}",
    }
    group = {
        "receiver": "ops-console",
        "status": status,
        "version": "4",
        "groupLabels": {"alertname": alarm.name},
        "alerts": [one],
    }
    _deliver(cluster, group, over or at)


def _reported(backup: Integration, at: datetime) -> None:
    """A host that speaks a JSON of its own."""
    said = {
        "event": "Backup of the mailboxes",
        "host": "mail-1",
        "result": "ok",
        "finished": at.isoformat(),
        "size_mb": 8_412,
    }
    _deliver(backup, said, at)


def _deliver(integration: Integration, said: object, at: datetime) -> None:
    body = json.dumps(said, indent=1).encode()
    arrival, _ = arrival_store(integration=integration, key="–", body=body, headers={}, now=at)
    reading = understood(kinds[integration.kind], parcel_of(arrival))
    arrival_settle(arrival=arrival, reading=reading, now=at)


def windows_make(world: World, spells: Sequence[Spell]) -> None:
    """The one that was, planned the day before, and the one that comes every Sunday."""
    jonas, weekly = world.people["Jonas Lind"], ("API", "Search")
    plans = [
        (one.start - timedelta(days=1), "Its database moves to a larger machine", one.maintained, _once(one))
        for one in spells
        if one.maintained
    ]
    plans.append((world.now, "Machines are updated one by one", weekly, _every_sunday(world)))
    for now, reason, names, plan in plans:
        services = [world.services[name] for name in names]
        world.keep([window_create(actor=jonas, reason=reason, services=services, plan=plan, now=now)])


def _once(spell: Spell) -> Plan:
    return Plan(repeats=Repeats.ONCE, starts_at=spell.start, lasts=spell.end - spell.start)


def _every_sunday(world: World) -> Plan:
    return Plan(
        repeats=Repeats.WEEKLY,
        starts_at=world.now,
        lasts=timedelta(minutes=45),
        until=world.now + timedelta(days=180),
        zone=world.zone.key,
        wall=time(3, 15),
        weekdays=[6],
    )
