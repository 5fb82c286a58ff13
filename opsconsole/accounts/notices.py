"""Mails to one person about their own account. Who carries them lies above this noun and registers itself here."""

from datetime import datetime
from typing import Any, Protocol

from opsconsole.accounts.models import User
from opsconsole.lib.registry import Registry


class Carrier(Protocol):
    def __call__(
        self,
        *,
        event: str,
        name: str,
        user: User,
        context: dict[str, Any],
        now: datetime,
        expires_at: datetime | None,
    ) -> None:
        """Queue templates/messages/<name>.{subject,txt,html}; the same event is queued once."""


carriers: Registry[Carrier] = Registry("carrier of notices")


def notify(
    *,
    event: str,
    name: str,
    user: User,
    now: datetime,
    context: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Mail a person something private; call it in the transaction of its cause. `context` gets `user` besides."""
    for carrier in carriers:
        carrier(
            event=event,
            name=name,
            user=user,
            context={"user": user, **(context or {})},
            now=now,
            expires_at=expires_at,
        )
