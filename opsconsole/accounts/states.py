"""Where a person or a key stands, from its fields and one `now`."""

from datetime import datetime, timedelta

from opsconsole.accounts.models import ApiKey, User
from opsconsole.lib.standing import Standing

AWAY_AFTER = timedelta(days=30)
KEY_IS_OLD_AFTER = timedelta(days=90)


def is_away(user: User, now: datetime) -> bool:
    """An account that is open and that nobody has used for 30 days."""
    return user.is_active and now - (user.last_login or user.created_at) > AWAY_AFTER


def person_standing(user: User, now: datetime) -> Standing:
    if not user.is_active:
        return Standing("unknown", "Deactivated")
    if is_away(user, now):
        return Standing("look", "Away")
    return Standing("ok", "Active") if user.last_login else Standing("unknown", "Invited")


def is_open(key: ApiKey, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def is_old(key: ApiKey, now: datetime) -> bool:
    """In use for 90 days: time for a new one."""
    return is_open(key, now) and now - key.created_at > KEY_IS_OLD_AFTER


def key_standing(key: ApiKey, now: datetime) -> Standing:
    if key.revoked_at:
        return Standing("unknown", "Revoked")
    if not is_open(key, now):
        return Standing("unknown", "Expired")
    return Standing("look", "Old") if is_old(key, now) else Standing("ok", "Open")
