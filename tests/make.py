"""Rows for tests, with sensible fields unless told otherwise. A department's own makers stand in tests/<department>/make.py."""

from typing import Any

from opsconsole.accounts.models import Team, User
from opsconsole.accounts.roles import Role


def team(**fields: Any) -> Team:
    defaults = {"name": "Acme", "time_zone": "Europe/Vienna", "ping_key": "pingkeypingkeypingkey1"}
    return Team.objects.get_or_create(pk=1, defaults=defaults | fields)[0]


def user(name: str, role: Role = Role.VIEWER, **fields: Any) -> User:
    """A person without a usable password; sign in with the fixture `signed_in`."""
    return User.objects.create(
        email=f"{name.lower()}@example.com", name=name, role=role, password="!", **fields
    )
