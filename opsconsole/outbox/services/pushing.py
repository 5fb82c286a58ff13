"""A person lets a browser of theirs notify them: a channel of their own, which needs no manager."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require
from opsconsole.lib.secrets import Unreadable
from opsconsole.outbox.models import Channel, PushKey, Topic
from opsconsole.outbox.transports.base import Config
from opsconsole.outbox.transports.push import new_key

MOST = 10  # devices of one person


@transaction.atomic
def push_key() -> str:
    """The console's private key, made with the first need; what no key opens any more is made anew."""
    row, _ = PushKey.objects.select_for_update().get_or_create(pk=1, defaults={"config": {"key": new_key()}})
    if isinstance(row.config, Unreadable):
        row.config = {"key": new_key()}
        row.save()
    key: str = row.config["key"]
    return key


def push_subscribe(*, actor: User, config: Config) -> Channel:
    """The same browser twice is one channel. Raises ValidationError when there are too many."""
    require(actor, Role.RESPONDER)
    mine = [
        row
        for row in Channel.objects.filter(kind="push", user=actor)
        if not isinstance(row.config, Unreadable)
    ]
    known = next((row for row in mine if row.config["endpoint"] == config["endpoint"]), None)
    if known is None and len(mine) >= MOST:
        raise ValidationError(f"You have {MOST} devices already; remove one that you no longer use.")
    channel = known or Channel(kind="push", user=actor, topics=[Topic.INCIDENTS])
    channel.config = {**config, "vapid": push_key()}
    channel.is_enabled, channel.disabled_reason = True, ""
    return (
        channel
        if known and _saved(channel)
        else _named(channel, f"{actor}, {config.get('device') or 'browser'}")
    )


def _named(channel: Channel, name: str) -> Channel:
    """Under the first name that is free: “Ana, Firefox”, “Ana, Firefox 2”."""
    for number in range(1, 100):
        channel.name = f"{name[:74]} {number}" if number > 1 else name[:78]
        if _saved(channel):
            return channel
    raise ValidationError("There are too many channels of this name; remove one.")


def _saved(channel: Channel) -> bool:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        return False
    return True


def push_forget(*, actor: User, channel: Channel, now: datetime) -> None:
    """Raises PermissionDenied for the device of somebody else."""
    require(actor, Role.RESPONDER if channel.user_id == actor.pk else Role.MANAGER)
    channel.removed_at = now
    channel.save(update_fields=["removed_at"])
