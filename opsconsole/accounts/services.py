"""Writers of people, team and keys. Each is one transaction, so that nothing changes without its line in the audit trail."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, transaction
from django.db.models import Q

from opsconsole.accounts.links import lasts, password_link
from opsconsole.accounts.models import ApiKey, Scope, Team, User
from opsconsole.accounts.notices import notify
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, is_set_up, reading_zone, require
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.calendars import BadSchedule, zone
from opsconsole.lib.secrets import digest, new_token

SIGN_INS_KEPT = timedelta(days=30)


@transaction.atomic
def owner_create(
    *, email: str, password: str, name: str = "", team_name: str = "", time_zone: str = "UTC"
) -> User:
    """The first owner, and the team with them. Raises ValidationError when there is an owner already, or for what does not fit."""
    User(email=email, name=name).clean_fields(exclude=["password"])
    Team(name=team_name or "Our team", ping_key="-").clean_fields()
    _check_zone(time_zone)
    ProhibitNullCharactersValidator()(password)  # no form would take it when they sign in
    validate_password(password, User(email=email, name=name))
    Team.objects.get_or_create(
        pk=1, defaults={"name": team_name or "Our team", "time_zone": time_zone, "ping_key": new_token(22)}
    )
    Team.objects.select_for_update().get(pk=1)  # two first visits at once stand in line here
    if is_set_up():
        raise ValidationError("This console has an owner already; sign in, or ask them for an account.")
    return User.objects.create_user(email, password, name=name, role=Role.OWNER)


@transaction.atomic
def user_invite(*, actor: Actor, email: str, name: str, role: Role, now: datetime) -> tuple[User, str]:
    """A person without a password, and the link by which they set it: mailed to them, and shown once to hand over.

    Raises ValidationError for an address that is taken.
    """
    require(actor, Role.OWNER)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, name=name, role=role)
    except IntegrityError:
        raise ValidationError({"email": "Somebody here uses this address already."}) from None
    return user, invitation_send(actor=actor, user=user, now=now)


@transaction.atomic
def invitation_send(*, actor: Actor, user: User, now: datetime) -> str:
    """Mail somebody who has no password yet a link to set it, and return the link. Older links stay good for their time.

    Raises ValidationError for whoever has one: with the link an owner could sign in as them.
    """
    require(actor, Role.OWNER)
    if user.has_usable_password() or not user.is_active:
        raise ValidationError(
            f"{user} needs no invitation; a forgotten password is reset from the sign-in page."
        )
    link = password_link(user)
    notify(
        event=f"accounts.invited:{user.pk}:{digest(link)[:8]}",
        name="invited",
        user=user,
        now=now,
        context={"link": link, "lasts": lasts(user), "by": actor, "team": Team.objects.first()},
        expires_at=now + lasts(user),
    )
    return link


@transaction.atomic
def user_update(*, actor: Actor, user: User, name: str, role: Role) -> User:
    """Raises ValidationError when it would leave the console without an owner."""
    require(actor, Role.OWNER)
    if role != Role.OWNER:
        _keep_an_owner(user, actor)
    user.name, user.role = name, role
    user.save(update_fields=["name", "role"])
    return user


@transaction.atomic
def user_deactivate(*, actor: Actor, user: User, now: datetime) -> None:
    """Their sessions and keys end with this for good, their links for as long as they are away; what they did stays, with
    their name. Raises ValidationError."""
    require(actor, Role.OWNER)
    _keep_an_owner(user, actor)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for key in user.api_keys.filter(revoked_at=None):
        api_key_revoke(actor=actor, key=key, now=now)
    _sessions_end(user, now)


def _sessions_end(user: User, now: datetime) -> None:
    """Whose a session is stands in its sealed content only, so all are opened: those of two weeks, of one team."""
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


@transaction.atomic
def user_reactivate(*, actor: Actor, user: User) -> None:
    require(actor, Role.OWNER)
    user.is_active = True
    user.save(update_fields=["is_active"])


def _keep_an_owner(user: User, actor: Actor) -> None:
    """The team's row is locked, so that two owners cannot remove each other at once. Who was invited may never come."""
    list(Team.objects.select_for_update())
    others = User.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=user.pk)
    if not any(other == actor or other.has_usable_password() for other in others):
        raise ValidationError("Make somebody else an owner first; a console needs one who can sign in.")


@transaction.atomic
def profile_update(*, actor: User, name: str, time_zone: str) -> User:
    """What everybody may change about themselves."""
    _check_zone(time_zone or "UTC")
    actor.name, actor.time_zone = name, time_zone
    actor.save(update_fields=["name", "time_zone"])
    return actor


@transaction.atomic
def password_set(*, user: User, password: str) -> User:
    """A new password ends every session of the person, also where they are signed in now unless the view renews it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def password_link_send(*, email: str, now: datetime) -> None:
    """Mail a link to whoever has the address; nothing happens when nobody has. One mail in five minutes is enough."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        return
    state = digest(f"{user.password}{user.last_login}")[:8]
    notify(
        event=f"accounts.password_reset:{user.pk}:{state}:{int(now.timestamp()) // 300}",
        name="password_reset",
        user=user,
        now=now,
        context={"link": password_link(user), "lasts": lasts(user)},
        expires_at=now + timedelta(hours=1),
    )


@transaction.atomic
def lock_notice_send(*, email: str, address: str, until: datetime, now: datetime) -> None:
    """Tell the person, once for each lock, that somebody failed five times to sign in as them."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user:
        notify(
            event=f"accounts.locked_out:{user.pk}:{int(until.timestamp())}",
            name="locked_out",
            user=user,
            now=now,
            context={"address": address, "until": f"{until.astimezone(reading_zone(user)):%H:%M %Z}"},
            expires_at=now + timedelta(days=1),
        )


@transaction.atomic
def team_update(*, actor: Actor, team: Team, name: str, time_zone: str) -> Team:
    require(actor, Role.OWNER)
    _check_zone(time_zone)
    team.name, team.time_zone = name, time_zone
    team.save(update_fields=["name", "time_zone"])
    return team


@transaction.atomic
def ping_key_renew(*, actor: Actor, team: Team) -> Team:
    """A new key for pings by name. The former one opens nothing from the next second on, and nobody can bring it back."""
    require(actor, Role.OWNER)
    team.ping_key = new_token(22)
    team.save(update_fields=["ping_key"])
    return team


@transaction.atomic
def api_key_create(
    *, actor: Actor, user: User, name: str, scope: Scope, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key's row and the key itself, which is shown once and never stored. Raises ValidationError for a long name."""
    if actor != user:
        require(actor, Role.OWNER)
    token = f"oc_{new_token(40)}"
    key = ApiKey(
        user=user, name=name, scope=scope, prefix=token[:8], digest=digest(token), expires_at=expires_at
    )
    key.clean_fields()
    key.save()
    return key, token


@transaction.atomic
def api_key_revoke(*, actor: Actor, key: ApiKey, now: datetime) -> None:
    if actor != key.user:
        require(actor, Role.OWNER)
    key.revoked_at = key.revoked_at or now
    key.save(update_fields=["revoked_at"])


def api_key_used(*, key: ApiKey, now: datetime) -> None:
    """Note when a key was last used; of several at once the latest stays."""
    rows = ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now), pk=key.pk)
    rows.update(last_used_at=now)


def leftovers_remove(*, now: datetime) -> int:
    """Delete sessions that are over, and records of sign-ins and failures of over 30 days; at most 20,000 of each at a time."""
    old = Q(attempt_time__lt=now - SIGN_INS_KEPT)
    leftovers = (
        Session.objects.filter(expire_date__lt=now),
        AccessFailureLog.objects.filter(old),
        AccessLog.objects.filter(old),
        AccessAttempt.objects.filter(old),
    )
    return sum(delete_in_batches(rows.order_by("pk"), most=20) for rows in leftovers)


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except BadSchedule as error:
        raise ValidationError({"time_zone": str(error)}) from None
