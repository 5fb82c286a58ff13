"""Finds the kinds of channels, and does what the outbox does for nouns below it."""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from opsconsole.accounts.models import User
from opsconsole.accounts.notices import carriers
from opsconsole.outbox import messages, transports
from opsconsole.outbox.models import Topic
from opsconsole.outbox.services import message_queue


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

for module in iter_modules(transports.__path__, f"{transports.__name__}."):
    import_module(module.name)  # each registers what it defines
