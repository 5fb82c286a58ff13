"""Rows of the foundation for tests."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, Topic
from opsconsole.outbox.services.deliveries import message_queue
from opsconsole.outbox.transports.base import Outgoing
from tests.conftest import NOW

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def webhook(url: str = "https://example.com/hook", **fields: Any) -> Channel:
    config = {"url": url, "secret": SECRET, **fields.pop("config", {})}
    return Channel.objects.create(
        **{"kind": "webhook", "name": f"Hook {uuid4().hex[:6]}", "config": config} | fields
    )


def mailbox(address: str = "ops@example.com", **fields: Any) -> Channel:
    config = {"address": address}
    return Channel.objects.create(
        **{"kind": "email", "name": f"Mail {uuid4().hex[:6]}", "config": config} | fields
    )


def delivery(channel: Channel | None = None, now: datetime = NOW, **fields: Any) -> Delivery:
    """A message waiting to be sent; to ops@example.com when there is no channel."""
    message = Message("API is down", "It answers 502.\n", "<p>It answers 502.</p>", {"number": 7})
    options: dict[str, Any] = {
        "event": f"incident.opened:{uuid4().hex[:8]}",
        "topic": Topic.INCIDENTS,
        "message": message,
        "about": "/incidents/7/",
        "recipient": "" if channel else "ops@example.com",
    }
    options |= fields
    return message_queue(channel=channel, now=now, **options)


def outgoing(config: dict[str, Any], **fields: Any) -> Outgoing:
    defaults: dict[str, Any] = {
        "uuid": uuid4(),
        "type": "incident.opened",
        "subject": "API is down",
        "text": "It answers 502.\n",
        "html": "<p>It answers 502.</p>",
        "url": "https://ops.example.com/incidents/7/",
        "created_at": NOW,
        "at": NOW,
    }
    return Outgoing(config=config, **defaults | fields)
