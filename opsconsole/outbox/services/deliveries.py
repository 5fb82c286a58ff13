"""What becomes of messages. Call `message_queue` and `message_broadcast` inside the transaction of the cause: the message then
exists exactly if its cause does."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.claims import free
from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import closed
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Reply, Topic
from opsconsole.outbox.selectors import open_fallback, sendable, wants
from opsconsole.outbox.services import SWEEP
from opsconsole.outbox.states import may_become

HELD_FOR = timedelta(hours=75)  # how long a closed channel keeps its messages, as long as an open one tries
KEPT_FOR = timedelta(days=90)
TEST_LASTS = timedelta(hours=1)
UNDO_FOR = timedelta(minutes=10)  # a removal can be undone; so long its messages stay


@transaction.atomic
def message_queue(
    *,
    event: str,
    topic: Topic,
    message: Message,
    now: datetime,
    channel: Channel | None = None,
    recipient: str = "",
    about: str = "",
    expires_at: datetime | None = None,
    because: str = "",
) -> Delivery:
    """Queue one message to a channel, or directly to an e-mail address. The same event to the same one is queued once.

    event: “noun.happened:id”; the part before the colon is the type that webhooks see. about: path of the page of the cause.
    because: why it goes through a channel that was not told of this.
    """
    delivery, fresh = Delivery.objects.get_or_create(
        event=event,
        channel=channel,
        recipient=recipient,
        defaults={
            "topic": topic,
            "subject": message.subject,
            "content": message.content(),
            "about": about,
            "due_at": now,
            "expires_at": expires_at,
            "because": because,
        },
    )
    if fresh:
        nudge(SWEEP)
    return delivery


@transaction.atomic
def message_broadcast(
    *,
    event: str,
    topic: Topic,
    message_for: Callable[[Channel], Message],
    now: datetime,
    about: str = "",
    expires_at: datetime | None = None,
    to: Callable[[Channel], bool] = lambda _: True,
) -> list[Delivery]:
    """Queue a message to every open channel of a topic; `message_for` writes it for each (its own link, its own person).

    `to` narrows it to some of them.
    """
    rows = Channel.objects.select_related("user", "fallback")
    told = [row for row in rows if topic in row.topics and wants(row, event) and to(row)]
    whom = {channel: "" for channel in told if channel.is_enabled} | stand_ins(told)
    return [
        message_queue(
            event=event,
            topic=topic,
            message=message_for(channel),
            now=now,
            channel=channel,
            about=about,
            expires_at=expires_at,
            because=because,
        )
        for channel, because in whom.items()
    ]


def stand_ins(told: Sequence[Channel]) -> dict[Channel, str]:
    """For those that an error closed, the channels that get their messages, with why; no channel that gets them anyway."""
    found: dict[Channel, str] = {}
    for channel in told:
        if not channel.is_enabled and channel.disabled_reason and (other := open_fallback(channel)):
            why = closed(f"{channel} is closed: {channel.disabled_reason}")[:300]
            found.setdefault(other, why)
    return {channel: why for channel, why in found.items() if channel not in told}


@transaction.atomic
def delivery_retry(*, actor: Actor, delivery: Delivery, now: datetime) -> None:
    """Try now: what waits for its next attempt, and what was given up or cancelled.

    Raises ValidationError when it was sent, or its channel is closed.
    """
    require(actor, Role.RESPONDER)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not Delivery.objects.filter(sendable(), pk=row.pk).exists():
        raise ValidationError(f"{row.channel} is closed. Open the channel first, then try again.")
    if row.status != DeliveryStatus.WAITING and not may_become(row.status, DeliveryStatus.WAITING):
        raise ValidationError("It has been delivered; there is nothing to try again.")
    if row.status != DeliveryStatus.WAITING:
        row.attempts = 0  # it has the whole schedule of retries before it again
    row.status, row.due_at, row.expires_at = DeliveryStatus.WAITING, now, None
    row.save(update_fields=["status", "due_at", "expires_at", "attempts"])
    nudge(SWEEP)


@transaction.atomic
def delivery_cancel(*, actor: Actor, delivery: Delivery, now: datetime) -> None:
    """Give up a message that waits. Raises ValidationError when it is not waiting, or is being sent at this moment."""
    require(actor, Role.RESPONDER)
    waiting = Delivery.objects.filter(free(now), pk=delivery.pk, status=DeliveryStatus.WAITING)
    if not waiting.update(status=DeliveryStatus.CANCELLED, last_error=f"Cancelled by {actor}."):
        raise ValidationError("It cannot be cancelled: it is being sent at this moment, or has ended.")


def deliveries_end(*, now: datetime) -> int:
    """End what waits in vain: too late to be of use, its channel removed, or closed for as long as we would have tried."""
    waiting = Delivery.objects.filter(free(now), status=DeliveryStatus.WAITING)
    ends = (
        (Q(expires_at__lte=now), DeliveryStatus.CANCELLED, "It would have come too late to be of use."),
        (Q(channel__removed_at__lte=now - UNDO_FOR), DeliveryStatus.CANCELLED, "Its channel was removed."),
        (
            ~sendable() & Q(created_at__lte=now - HELD_FOR),
            DeliveryStatus.FAILED,
            "Its channel was closed for 75 hours.",
        ),
    )
    # Looking first costs no lock: mostly there is nothing to end. What somebody took to send it meanwhile is not ended.
    return sum(
        waiting.filter(pk__in=ids).update(status=status, last_error=why)
        for which, status, why in ends
        if (ids := list(waiting.filter(which).values_list("pk", flat=True)[:1000]))
    )


def deliveries_prune(*, now: datetime) -> int:
    """Delete what ended 90 days ago, with its attempts; at most 10,000 at a time."""
    ended = Delivery.objects.filter(created_at__lte=now - KEPT_FOR).exclude(status=DeliveryStatus.WAITING)
    Reply.objects.filter(at__lte=now - KEPT_FOR).delete()
    return delete_in_batches(ended.order_by("created_at"), size=500, most=20)
