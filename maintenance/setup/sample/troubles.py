"""Each outage as it went: the change of state, the incident it opened, who was told, what people did, and its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from incidents.response.consuming import change_consume
from incidents.response.models import Incident, Page
from incidents.response.services import incident_acknowledge, incident_note, incident_resolve
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from opsconsole.accounts.models import User
from opsconsole.outbox.models import Attempt, Delivery, DeliveryStatus

CONFIRMED = timedelta(seconds=40)
ACCEPTED = timedelta(seconds=2)


def write(world: World, outages: Sequence[Outage]) -> None:
    for outage in outages:
        _live_through(world, outage)
    _delivered(world)


def _live_through(world: World, outage: Outage) -> None:
    noticed = outage.start + CONFIRMED
    change = _change(world, outage, Status.DOWN, noticed)
    change_consume(pk=change.pk, now=noticed)
    incident = Incident.objects.filter(service=change.service).latest("number")
    world.keep([incident])
    who = world.people[outage.who]
    if outage.acknowledged:
        _work_on(incident, who, outage)
    back = _change(world, outage, Status.UP, outage.end)
    change_consume(pk=back.pk, now=outage.end)
    if outage.acknowledged:
        incident_resolve(actor=who, incident=incident, now=outage.resolved)


def _work_on(incident: Incident, who: User, outage: Outage) -> None:
    assert outage.acknowledged
    incident_acknowledge(actor=who, incident=incident, now=outage.acknowledged)
    noted = outage.acknowledged + (outage.resolved - outage.acknowledged) / 2
    incident_note(actor=who, incident=incident, text=outage.note, now=noted)


def _change(world: World, outage: Outage, new: Status, noticed: datetime) -> StatusChange:
    probe = next(probe for probe in world.probes if probe.service.name == outage.service)
    failed = new == Status.DOWN
    return status_change_record(
        service_id=probe.service_id,
        source=probe.source,
        title=probe.name,
        old=Status.UP if failed else Status.DOWN,
        new=new,
        reason=outage.reason if failed else "",
        at=outage.start if failed else outage.end,
        noticed_at=noticed,
    )


def _delivered(world: World) -> None:
    """The mails of the past were sent in the past; nothing of it may go out now."""
    ours = Delivery.objects.filter(channel__in=world.channels, status=DeliveryStatus.WAITING)
    Attempt.objects.bulk_create(
        [
            Attempt(
                delivery=one, at=one.due_at, ok=True, detail="250 accepted", ms=world.dice.randint(90, 900)
            )
            for one in ours
        ]
    )
    ours.update(
        status=DeliveryStatus.SENT,
        attempts=1,
        sent_at=F("due_at") + ACCEPTED,
        created_at=F("due_at"),
        expires_at=None,
    )
    pages = Page.objects.filter(channel__in=world.channels)
    pages.update(outcome=DeliveryStatus.SENT, accepted_at=F("created_at") + ACCEPTED)
    paged = Incident.objects.filter(pages__channel__in=world.channels).values("pk")
    Incident.objects.filter(pk__in=paged).update(paged_at=F("opened_at") + ACCEPTED, look_at=None)
