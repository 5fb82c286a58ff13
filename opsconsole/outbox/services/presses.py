"""What becomes of a button that somebody pressed in a chat."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from opsconsole.lib.secrets import SecretUnreadable, digest
from opsconsole.outbox.acts import NOTHING, Done, respond
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, Topic
from opsconsole.outbox.services.deliveries import message_queue
from opsconsole.outbox.transports.base import transports

LASTS = timedelta(minutes=25)  # Slack takes an answer for half an hour


@transaction.atomic
def press_take(*, channel: Channel, uuid: UUID, name: str, back: str, key: str, now: datetime) -> Done:
    """Acknowledge what the message is about, and say so in the chat.

    back: an address that takes the answer in place of the channel; then also whoever came second is answered.
    key: the provider's id of this press; the same one is answered once.
    """
    delivery = pressed(channel, uuid)
    done = respond("acknowledge", delivery, name=name, now=now) if delivery else NOTHING
    if back or done.changed:
        data = {"changed": done.changed, **({"response_url": back} if back else {})}
        message = Message(_words(channel, delivery, done, name)[:250], "", data=data)
        message_queue(
            event=f"outbox.pressed:{digest(key or str(uuid))[:40]}",
            topic=Topic.INCIDENTS,
            message=message,
            now=now,
            channel=(delivery and delivery.channel) or channel,
            about=delivery.about if delivery else "",
            expires_at=now + LASTS,
        )
    return done


def pressed(channel: Channel, uuid: UUID) -> Delivery | None:
    """The message of a button: of this channel, or of another of the same app, which calls one address for all of them."""
    rows = Delivery.objects.select_related("channel").filter(uuid=uuid, channel__kind=channel.kind)
    return next((row for row in rows if row.channel and _is_of_one_app(channel, row.channel)), None)


def _is_of_one_app(one: Channel, other: Channel) -> bool:
    name = transports[one.kind].app
    if one.pk == other.pk:
        return True
    try:
        return bool(name and one.config.get(name) and one.config[name] == other.config.get(name))
    except SecretUnreadable:
        return False


def _words(channel: Channel, delivery: Delivery | None, done: Done, name: str) -> str:
    """What the chat reads; “is yours” is for the one who pressed."""
    if delivery is None or not done.changed:
        return done.sentence
    what = delivery.content["data"].get("incident") or delivery.subject
    return f"{what} is acknowledged by {channel.user or name or 'somebody'}."
