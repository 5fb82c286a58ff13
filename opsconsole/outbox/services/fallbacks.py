"""When one channel does not take a message, another gets it. Each channel gets an event once, so nothing goes in circles."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import closed
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus
from opsconsole.outbox.selectors import TEST, open_fallback
from opsconsole.outbox.services import SWEEP

AT_ONCE = 500


def fallback_checked(channel: Channel | None, fallback: Channel | None) -> Channel | None:
    """Raises ValidationError for one that leads back to where it came from."""
    names, at, seen = [str(channel or "this channel")], fallback, set[int]()
    while at and at.pk not in seen:
        names.append(str(at))
        if channel and at.pk == channel.pk:
            raise ValidationError({"fallback": f"That would go in a circle: {' → '.join(names)}."})
        seen.add(at.pk)
        at = at.fallback
    return fallback


@transaction.atomic
def delivery_hand_over(*, delivery: Delivery, why: str, now: datetime) -> Delivery | None:
    """Queue a message for the fallback of its channel, if there is one that is open and has not got it. It says the same."""
    target = open_fallback(delivery.channel) if delivery.channel else None
    if target is None or delivery.event.startswith(TEST) or not delivery.channel:
        return None
    row, fresh = Delivery.objects.get_or_create(
        event=delivery.event,
        channel=target,
        recipient="",
        defaults={
            "topic": delivery.topic,
            "subject": delivery.subject,
            "content": delivery.content,
            "about": delivery.about,
            "due_at": now,
            "expires_at": delivery.expires_at,
            "instead_of": delivery,
            "because": closed(f"{delivery.channel} {why}")[:300],
        },
    )
    if fresh:
        nudge(SWEEP)
    return row if fresh else None


def waiting_hand_over(*, channel: Channel, why: str, now: datetime) -> None:
    """What waits for a channel that has just closed."""
    rows = Delivery.objects.filter(channel=channel, status=DeliveryStatus.WAITING).order_by("pk")
    for row in rows[:AT_ONCE]:
        delivery_hand_over(delivery=row, why=why, now=now)
