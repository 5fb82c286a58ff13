"""Who may do what. Services ask `require`; pages ask the same of `actor.may` before they show a button."""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    """Five roles in a line; each may do what those after it may."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    RESPONDER = "responder", "Responder"
    AGENT = "agent", "Agent"
    VIEWER = "viewer", "Viewer"


MEANING = {
    Role.OWNER: "everything, also people, keys and settings",
    Role.MANAGER: "services, probes, channels, checklists and reports",
    Role.RESPONDER: "incidents and checklists",
    Role.AGENT: "support, and reading the rest",
    Role.VIEWER: "reading",
}
_RANK = {role: rank for rank, role in enumerate(reversed(Role))}


def allows(held: str, needed: str) -> bool:
    return _RANK[Role(held)] >= _RANK[Role(needed)]


class System:
    """The console itself at work, in sweeps and on commands: it may do everything and signs as “console”."""

    role = Role.OWNER
    pk = None

    def may(self, role: str) -> bool:
        return allows(self.role, role)

    def __str__(self) -> str:
        return "console"


SYSTEM: Final = System()
