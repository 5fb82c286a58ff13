"""Writers of messages. Call these inside the transaction of the cause: the message then exists exactly if its cause does."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from opsconsole.lib.nudges import nudge
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, Topic

SWEEP = "outbox.deliveries_send"


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
) -> Delivery:
    """Queue one message to a channel, or directly to an e-mail address. The same event to the same one is queued once."""
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
) -> list[Delivery]:
    """Queue a message to every open channel of a topic; `message_for` writes it for each (its own link, its own person)."""
    channels = [
        c for c in Channel.objects.filter(is_enabled=True).select_related("user") if topic in c.topics
    ]
    return [
        message_queue(
            event=event,
            topic=topic,
            message=message_for(channel),
            now=now,
            channel=channel,
            about=about,
            expires_at=expires_at,
        )
        for channel in channels
    ]
