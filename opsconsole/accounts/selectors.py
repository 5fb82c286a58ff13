"""Readers of people, team and keys."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from axes.helpers import get_cool_off
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F, Max, Q, QuerySet
from django.http import HttpRequest

from opsconsole.accounts.models import ApiKey, Team, User
from opsconsole.accounts.roles import Role, System, allows
from opsconsole.lib.addresses import client_address
from opsconsole.lib.calendars import zone
from opsconsole.lib.once import once
from opsconsole.lib.secrets import digest

Actor = User | System


def require(actor: Actor, role: Role) -> None:
    """Raises PermissionDenied with a sentence, unless the actor's role is `role` or above."""
    if not actor.may(role):
        raise PermissionDenied(
            f"This needs the role {role.label.lower()}; yours is {Role(actor.role).label.lower()}."
        )


def person(actor: Actor) -> User | None:
    """The person behind an actor, for foreign keys; None for the console itself."""
    return actor if isinstance(actor, User) else None


def signed_in(request: HttpRequest) -> User:
    """The person behind a request, for views; the middleware lets nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


@once
def team() -> Team | None:
    """None before the first visit."""
    return Team.objects.first()


def team_zone() -> ZoneInfo:
    return zone_of(team())


def zone_of(team: Team | None) -> ZoneInfo:
    return zone(team.time_zone if team else settings.OPSCONSOLE_TIME_ZONE)


def reading_zone(user: User) -> ZoneInfo:
    """The zone in which a person reads times: their own, else the team's."""
    return zone(user.time_zone) if user.time_zone else team_zone()


def is_set_up() -> bool:
    return User.objects.filter(role=Role.OWNER).exists()


def people() -> QuerySet[User]:
    """Everybody, those who may sign in first."""
    return User.objects.order_by("-is_active", "name", "email")


def able(role: Role) -> QuerySet[User]:
    """Whoever may sign in and has the role or one above it, by name."""
    return User.objects.filter(is_active=True, role__in=[held for held in Role if allows(held, role)])


def api_keys(reader: User) -> QuerySet[ApiKey]:
    """Everybody's for an owner, else the reader's own; open ones first, then the newest."""
    keys = ApiKey.objects.select_related("user").order_by(F("revoked_at").asc(nulls_first=True), "-pk")
    return keys if reader.may(Role.OWNER) else keys.filter(user=reader)


def open_api_keys(now: datetime) -> QuerySet[ApiKey]:
    """Keys that open something, those of deactivated people left out."""
    return ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, user__is_active=True
    ).order_by("created_at")


def failed_sign_ins(since: datetime) -> QuerySet[AccessFailureLog]:
    found: QuerySet[AccessFailureLog] = AccessFailureLog.objects.filter(attempt_time__gte=since)
    return found


def api_key_holder(token: str, *, now: datetime) -> ApiKey | None:
    """The valid key that a token opens, with its user; None for unknown, expired, revoked, or a deactivated user's."""
    return open_api_keys(now).select_related("user").filter(digest=digest(token)).first()


def lock_ends_at(request: HttpRequest, email: str, *, now: datetime) -> datetime:
    """When an address that is locked out may be tried again from the request's network address."""
    failures = AccessAttempt.objects.filter(username=email, ip_address=client_address(request))
    last: datetime | None = failures.aggregate(last=Max("attempt_time"))["last"]
    cool_off: timedelta = get_cool_off(request)
    return (last or now) + cool_off
