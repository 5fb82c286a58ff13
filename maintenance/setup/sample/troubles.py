"""Each outage as it went: the change of state, the incident it opened, who was told, what people did, and its end."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from incidents.response.consuming import change_consume
from incidents.response.models import Incident
from incidents.response.opening import incident_open
from incidents.response.services import (
    incident_acknowledge,
    incident_note,
    incident_resolve,
)
from incidents.response.states import Severity
from maintenance.setup.sample import alarms
from maintenance.setup.sample.company import SLOW
from maintenance.setup.sample.jobs import reason
from maintenance.setup.sample.outages import Outage, Spell
from maintenance.setup.sample.senders import Story
from maintenance.setup.sample.world import World
from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes.models import Failure, Probe
from opsconsole.accounts.models import User

CONFIRMED = timedelta(seconds=40)
BY_HAND = timedelta(days=11, hours=3)  # ago
WELL, RAN = "It answers as it should.", "The job reported success."
FELL, ROSE = (Status.UP, Status.DOWN), (Status.DOWN, Status.UP)
Watcher = Probe | Heartbeat
Move = tuple[Status, Status]


def write(
    world: World, outages: Sequence[Outage], spells: Sequence[Spell], stories: Sequence[Story]
) -> dict[int, Outage]:
    """In order of time, since incidents are numbered as they come. Returns which incident is of which outage, by its id."""
    made: dict[int, Outage] = {}
    told: list[tuple[datetime, Callable[[], None]]] = [
        *((one.start, partial(_live_through, world, one, made)) for one in outages),
        *((one.start, partial(_slow, world, one)) for one in spells if one.is_slow),
        *((one.start, partial(alarmed, world, alarms.of_leak(world, one))) for one in spells if one.leaks),
        *stories,
        (world.now - alarms.DRILL, partial(_drill, world)),
        (world.now - BY_HAND, partial(_by_hand, world)),
    ]
    _begin(world)
    for _, tell in sorted(told, key=lambda pair: pair[0]):
        tell()
    return made


def _begin(world: World) -> None:
    """The first answer of each job."""
    for beat in world.heartbeats.values():
        _change(beat, (Status.UNKNOWN, Status.UP), world.start, RAN)


def _live_through(world: World, outage: Outage, made: dict[int, Outage]) -> None:
    case, watcher = outage.case, _watcher(world, outage)
    noticed = outage.start + (timedelta() if case.job else CONFIRMED)
    said = reason(outage) if case.job else case.reason
    _change(watcher, FELL, outage.start, said, noticed)
    incident = Incident.objects.filter(service=watcher.service).latest("number")
    made[incident.pk] = outage
    world.keep([incident])
    if firing := alarms.of_outage(world, outage):
        alarms.fires(firing)
    if outage.acknowledged:
        _work_on(incident, world.people[outage.who], outage)
    if outage.end:
        _change(watcher, ROSE, outage.end, RAN if case.job else WELL)
    if firing:
        alarms.ends(firing)
    if outage.acknowledged and outage.resolved:
        incident_resolve(actor=world.people[outage.who], incident=incident, now=outage.resolved)
    if isinstance(watcher, Probe):
        _failed(watcher, outage)


def _watcher(world: World, outage: Outage) -> Watcher:
    case = outage.case
    return world.heartbeats[case.job] if case.job else world.probes[case.service]


def _work_on(incident: Incident, who: User, outage: Outage) -> None:
    assert outage.acknowledged
    incident_acknowledge(actor=who, incident=incident, now=outage.acknowledged)
    ahead = ((outage.resolved or outage.acknowledged) - outage.acknowledged) / 2
    noted = outage.acknowledged + (ahead or timedelta(minutes=9))
    text = outage.case.note if outage.resolved else "The disk holds three old indexes. Looking which may go."
    incident_note(actor=who, incident=incident, text=text, now=noted)


def _change(of: Watcher, move: Move, at: datetime, said: str, noticed: datetime | None = None) -> None:
    """The new state, the change, and what the console did about it."""
    of.status, of.status_since = move[1], at
    fields = ["status", "status_since"]
    if isinstance(of, Heartbeat):
        of.status_reason = said
        fields.append("status_reason")
    of.save(update_fields=fields)
    page = "probes" if isinstance(of, Probe) else "heartbeats"
    change = status_change_record(
        service_id=of.service_id,
        source=of.source,
        title=of.name,
        old=move[0],
        new=move[1],
        reason=said,
        at=at,
        noticed_at=noticed or at,
        evidence_url=f"/monitoring/{page}/{of.pk}/",
    )
    change_consume(pk=change.pk, now=noticed or at)


def _failed(probe: Probe, outage: Outage) -> None:
    code = int(outage.case.reason.split()[1]) if outage.case.reason.startswith("Answered") else None
    Failure.objects.create(probe=probe, at=outage.start, reason=outage.case.reason, code=code)


def _slow(world: World, spell: Spell) -> None:
    probe = world.probes[spell.service]
    said = f"It took {2100 + 30 * spell.start.minute} ms; more than {SLOW} ms counts as degraded."
    _change(probe, (Status.UP, Status.DEGRADED), spell.start, said)
    if firing := alarms.of_spell(world, spell):
        alarmed(world, firing, midway=partial(_change, probe, (Status.DEGRADED, Status.UP), spell.end, WELL))
    else:
        _change(probe, (Status.DEGRADED, Status.UP), spell.end, WELL)


def alarmed(world: World, firing: alarms.Firing, midway: Callable[[], None] = lambda: None) -> None:
    """What a rule alone opened; `midway` is what happened before it was over."""
    who = world.people[world.own(firing.at.isoformat()).choice(("Jonas Lind", "Sarah Okafor"))]
    alarms.fires(firing)
    incident = Incident.objects.latest("number")
    world.keep([incident])
    incident_acknowledge(actor=who, incident=incident, now=firing.at + timedelta(minutes=5))
    incident_note(actor=who, incident=incident, text=firing.note, now=firing.over - timedelta(minutes=2))
    midway()
    alarms.ends(firing)
    incident_resolve(actor=who, incident=incident, now=firing.over + timedelta(minutes=6))


def _drill(world: World) -> None:
    """Once a quarter they practise; it is timed like a real one and left out of every figure."""
    start, jonas = world.now - alarms.DRILL, world.people["Jonas Lind"]
    incident = incident_open(
        actor=world.people["Mia Berger"],
        title="Drill: the database does not come up again",
        severity=Severity.P1,
        service=world.services["API"],
        is_drill=True,
        now=start,
    )
    world.keep([incident])
    incident_acknowledge(actor=jonas, incident=incident, now=start + timedelta(minutes=3))
    text = "Restored last night's backup on the spare machine. The runbook lacks the step with the roles."
    incident_note(actor=jonas, incident=incident, text=text, now=start + timedelta(minutes=31))
    incident_resolve(actor=jonas, incident=incident, now=start + timedelta(minutes=47))


def _by_hand(world: World) -> None:
    """What no probe can see is opened by somebody."""
    start, sarah = world.now - BY_HAND, world.people["Sarah Okafor"]
    incident = incident_open(
        actor=world.people["Mia Berger"],
        title="Reminders arrive twice",
        severity=Severity.P2,
        service=world.services["Mail delivery"],
        description="Four customers write that each reminder came twice this morning.",
        now=start,
    )
    world.keep([incident])
    incident_acknowledge(actor=sarah, incident=incident, now=start + timedelta(minutes=12))
    text = "The job ran on both nodes after the move. It takes a lock now; the second one leaves again."
    incident_note(actor=sarah, incident=incident, text=text, now=start + timedelta(minutes=55))
    incident_resolve(actor=sarah, incident=incident, now=start + timedelta(minutes=70))
