"""Links in messages: whoever holds one may work on that incident without signing in, and on nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.response.models import Incident, Page
from incidents.response.selectors import root_of
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role, System
from opsconsole.accounts.selectors import Actor
from opsconsole.lib.secrets import digest

KEPT = timedelta(days=7)  # after the incident was resolved


class Bearer(System):
    """Whoever opened the link of a channel that belongs to nobody in particular."""

    role = Role.RESPONDER

    def __init__(self, channel: str, name: str = "") -> None:
        self.channel, self.name = channel, name

    def __str__(self) -> str:
        return f"{self.name or 'Somebody'} at {self.channel}"


class Elsewhere(System):
    """The system from which an alert came, where somebody has it in hand."""

    role = Role.RESPONDER

    def __init__(self, name: str, by: str = "") -> None:
        self.name, self.by = name, by

    def __str__(self) -> str:
        return f"{self.by} at {self.name}" if self.by not in ("", self.name) else self.name


@dataclass(frozen=True)
class Access:
    """What a link opens: its page, the incident (that it was merged into, if it was), and whether it has expired."""

    page: Page
    incident: Incident
    expired: bool


def access(token: str, now: datetime) -> Access | None:
    """None for a token we never gave out, whose channel is gone, or whose person was deactivated.

    The look-up is by digest, so that its time says nothing about how much of a guess was right.
    """
    rows = Page.objects.select_related(
        "incident__service", "incident__assignee", "incident__merged_into", "user", "channel"
    )
    page = rows.filter(digest=digest(token), channel__removed_at=None).exclude(channel=None).first()
    if page is None or (page.user and not page.user.is_active):
        return None
    incident = root_of(page.incident)
    over = incident.resolved_at
    return Access(page, incident, bool(over and now - over > KEPT))


def actor_of(page: Page, visitor: object) -> Actor:
    """The signed-in person if there is one who may act, else the person the channel reaches, else the link's bearer."""
    if isinstance(visitor, User) and visitor.may(Role.RESPONDER):
        return visitor
    return page.user or Bearer(page.name)
