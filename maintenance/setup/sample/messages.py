"""The mails and hooks of the past were sent in the past; nothing of it may go out now."""

from datetime import timedelta

from django.db.models import F

from incidents.response.models import Incident, Page
from maintenance.setup.sample.world import World
from opsconsole.outbox.models import Attempt, Channel, Delivery, DeliveryStatus, Health

ACCEPTED, AGAIN = timedelta(seconds=2), timedelta(minutes=5)
_SAID = {"email": "250 2.0.0 accepted", "webhook": "200 OK"}
_LATER = {"email": "451 4.7.1 Greylisted, try again later", "webhook": "503 Service Unavailable"}


def deliver(world: World) -> None:
    """All that waits: nearly all at the first try, one in thirty at the second."""
    waiting = list(
        Delivery.objects.filter(status=DeliveryStatus.WAITING).select_related("channel").defer("content")
    )
    twice = [one for one in waiting if world.dice.random() < 1 / 30]
    Attempt.objects.bulk_create(_attempt(world, one, again=one in twice) for one in waiting)
    Attempt.objects.bulk_create(_refused(one) for one in twice)
    for some, tries, took in ((waiting, 1, ACCEPTED), (twice, 2, AGAIN)):
        Delivery.objects.filter(pk__in=[one.pk for one in some]).update(
            status=DeliveryStatus.SENT,
            attempts=tries,
            sent_at=F("due_at") + took,
            created_at=F("due_at"),
            expires_at=None,
        )


def _attempt(world: World, delivery: Delivery, *, again: bool) -> Attempt:
    at = delivery.due_at + (AGAIN if again else timedelta())
    said = _SAID[delivery.channel.kind if delivery.channel else "email"]
    return Attempt(delivery=delivery, at=at, ok=True, detail=said, ms=world.dice.randint(90, 900))


def _refused(delivery: Delivery) -> Attempt:
    said = _LATER[delivery.channel.kind if delivery.channel else "email"]
    return Attempt(delivery=delivery, at=delivery.due_at, ok=False, detail=said, ms=310)


def accept(world: World) -> None:
    """Whoever was paged got it two seconds later."""
    pages = Page.objects.filter(channel__in=world.channels)
    pages.update(outcome=DeliveryStatus.SENT, accepted_at=F("created_at") + ACCEPTED)
    paged = Incident.objects.filter(pages__channel__in=world.channels).values("pk")
    Incident.objects.filter(pk__in=paged).update(paged_at=F("opened_at") + ACCEPTED)


def close(world: World) -> None:
    """Their mailboxes exist nowhere: removed, but kept as evidence of who was told."""
    ours = Channel.objects.filter(pk__in=[channel.pk for channel in world.channels])
    ours.update(is_enabled=False, health=Health.WORKS, removed_at=world.now)
