"""Finds the kinds of channels, and does what the outbox does for nouns below it."""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from opsconsole.accounts.models import User
from opsconsole.accounts.notices import carriers
from opsconsole.health.alarms import alarms
from opsconsole.outbox import messages, transports
from opsconsole.outbox.models import Topic
from opsconsole.outbox.services.deliveries import message_broadcast, message_queue


def cry(event: str, subject: str, text: str, now: datetime) -> None:
    """The console's own trouble, to every channel that is told about it."""
    message = messages.Message(subject, text, data={"text": text})
    message_broadcast(
        event=event, topic=Topic.CONSOLE, message_for=lambda _: message, now=now, about="/settings/health/"
    )


def carry(
    *, event: str, name: str, user: User, context: dict[str, Any], now: datetime, expires_at: datetime | None
) -> None:
    """A notice to a person goes to their own address, whatever channels there are. `private` keeps its text off all pages."""
    message = messages.render(name, context, data={"private": True})
    message_queue(
        event=event,
        topic=Topic.CONSOLE,
        message=message,
        now=now,
        recipient=user.email,
        expires_at=expires_at,
    )


carriers.register("outbox", carry)
alarms.register("outbox", cry)

for module in iter_modules(transports.__path__, f"{transports.__name__}."):
    import_module(module.name)  # each registers what it defines
