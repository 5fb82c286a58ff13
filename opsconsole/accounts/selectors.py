"""Readers of people, team and keys."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from opsconsole.accounts.models import ApiKey, Team, User
from opsconsole.accounts.roles import Role, System, allows
from opsconsole.lib.calendars import zone
from opsconsole.lib.secrets import digest

Actor = User | System


def require(actor: Actor, role: Role) -> None:
    """Raises PermissionDenied with a sentence, unless the actor's role is `role` or above."""
    if not (actor.is_active and allows(actor.role, role)):
        raise PermissionDenied(
            f"This needs the role {role.label.lower()}; yours is {Role(actor.role).label.lower()}."
        )


def person(actor: Actor) -> User | None:
    """The person behind an actor, for foreign keys; None for the console itself."""
    return actor if isinstance(actor, User) else None


def team() -> Team | None:
    """None before the first visit."""
    return Team.objects.first()


def team_zone() -> ZoneInfo:
    found = team()
    return zone(found.time_zone if found else settings.OPSCONSOLE_TIME_ZONE)


def is_set_up() -> bool:
    return User.objects.filter(role=Role.OWNER).exists()


def api_key_holder(token: str, *, now: datetime) -> ApiKey | None:
    """The valid key that a token opens, with its user; None for unknown, expired, revoked, or a deactivated user's."""
    return (
        ApiKey.objects.select_related("user")
        .filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            digest=digest(token),
            revoked_at=None,
            user__is_active=True,
        )
        .first()
    )
