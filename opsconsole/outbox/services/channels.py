"""What people do with channels."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.nudges import nudge
from opsconsole.lib.secrets import Unreadable, digest
from opsconsole.outbox.messages import render
from opsconsole.outbox.models import Channel, Delivery, Health, Topic
from opsconsole.outbox.selectors import TEST
from opsconsole.outbox.services import SWEEP
from opsconsole.outbox.services.deliveries import TEST_LASTS, message_queue
from opsconsole.outbox.services.fallbacks import fallback_checked
from opsconsole.outbox.transports.base import Config, transports

_TAKEN = "There is a channel of this name already; choose another."


def channel_create(
    *,
    actor: Actor,
    kind: str,
    name: str,
    config: Config,
    topics: Sequence[str],
    user: User | None = None,
    fallback: Channel | None = None,
    fallback_after: int = 3,
) -> Channel:
    """Raises ValidationError for a name that is taken, an unknown kind or topic, and settings that are not complete."""
    require(actor, Role.MANAGER)
    settings = _settings(kind, config)
    channel = Channel(kind=kind, name=name, config=settings, topics=_topics(topics), user=user)
    channel.hook = hook_digest(settings)
    channel.fallback, channel.fallback_after = fallback_checked(None, fallback), fallback_after
    _save(channel)
    return channel


@transaction.atomic
def channel_update(
    *,
    actor: Actor,
    channel: Channel,
    name: str,
    config: Config,
    topics: Sequence[str],
    user: User | None = None,
    fallback: Channel | None = None,
    fallback_after: int = 3,
) -> Channel:
    """New settings open a channel that an error had closed, and nothing has gone through them yet; what they leave out stays.

    Raises ValidationError as above.
    """
    require(actor, Role.MANAGER)
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    old = {} if isinstance(row.config, Unreadable) else row.config
    settings = _settings(row.kind, {**old, **config})
    if settings != old:
        row.is_enabled, row.disabled_reason = row.is_enabled or bool(row.disabled_reason), ""
        row.health, row.health_since, row.last_error = Health.UNTRIED, None, ""
    row.hook = hook_digest(settings)
    row.fallback, row.fallback_after = fallback_checked(row, fallback), fallback_after
    row.name, row.config, row.topics, row.user = name, settings, _topics(topics), user
    _save(row)
    nudge(SWEEP)
    return row


def _settings(kind: str, config: Config) -> Config:
    """Without one that its kind needs, every message through the channel would fail."""
    transport = transports.get(kind)
    if transport is None:
        raise ValidationError(f"There is no kind of channel named “{kind}”.")
    fields = transport.form.base_fields.items()
    if missing := [name for name, field in fields if field.required and not config.get(name)]:
        raise ValidationError(f"{transport.label} needs a setting that is missing: {', '.join(missing)}.")
    return transport.complete(config)


def hook_digest(settings: Config) -> str:
    """What is stored of the token in the address at which a provider calls back; by it the channel is found."""
    return digest(settings["hook"]) if settings.get("hook") else ""


def _topics(topics: Sequence[str]) -> list[str]:
    if unknown := set(topics) - set(Topic.values):
        raise ValidationError({"topics": f"There is no topic named {', '.join(sorted(unknown))}."})
    return list(topics)


def _save(channel: Channel) -> None:
    if not channel.name.strip():
        raise ValidationError({"name": "Give the channel a name."})
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise ValidationError({"name": _TAKEN}) from None


def channel_enable(*, actor: Actor, channel: Channel) -> None:
    """What has waited for it is sent, unless it has expired meanwhile."""
    require(actor, Role.MANAGER)

    def enable(row: Channel) -> None:
        row.is_enabled, row.disabled_reason = True, ""

    _change(channel, enable)
    nudge(SWEEP)


def channel_disable(*, actor: Actor, channel: Channel) -> None:
    """Nothing new is queued for it; what waits is kept for three days."""
    require(actor, Role.MANAGER)

    def disable(row: Channel) -> None:
        row.is_enabled, row.disabled_reason = False, ""

    _change(channel, disable)


def channel_remove(*, actor: Actor, channel: Channel, now: datetime) -> None:
    """Its deliveries stay on record. What waits for it is cancelled after ten minutes, in which it may be restored."""
    require(actor, Role.MANAGER)

    def remove(row: Channel) -> None:
        row.removed_at = row.removed_at or now

    _change(channel, remove)


def channel_restore(*, actor: Actor, channel: Channel) -> None:
    """Undo a removal. Raises ValidationError when its name has been given to another."""
    require(actor, Role.MANAGER)

    def restore(row: Channel) -> None:
        row.removed_at = None

    _change(channel, restore)
    nudge(SWEEP)


def channel_secret_renew(*, actor: Actor, channel: Channel, now: datetime) -> None:
    """Sign with a fresh secret; for a day also with the former, so that the receiver can change at leisure.

    Raises ValidationError for a channel that has none, or none that can be read.
    """
    require(actor, Role.MANAGER)

    def renew(row: Channel) -> None:
        transport = transports.get(row.kind)
        if not transport or not transport.signed or isinstance(row.config, Unreadable):
            raise ValidationError("There is no secret here to replace; enter the channel's settings anew.")
        row.config = transport.renew(row.config, now)

    _change(channel, renew)


@transaction.atomic
def _change(channel: Channel, how: Callable[[Channel], None]) -> None:
    row = Channel.with_removed.select_for_update().get(pk=channel.pk)
    how(row)
    _save(row)


@transaction.atomic
def channel_test(*, actor: Actor, channel: Channel, now: datetime) -> Delivery:
    """Queue a real message through a channel, open or closed. After an hour it would only confuse."""
    require(actor, Role.RESPONDER)
    about = reverse("outbox:channel", args=[channel.pk])
    message = render(
        "channel_test",
        {"channel": channel, "by": actor, "now": now, "about": about},
        data={"channel": channel.name},
    )
    return message_queue(
        event=f"{TEST}{channel.pk}:{uuid4()}",
        topic=Topic.CONSOLE,
        message=message,
        now=now,
        channel=channel,
        about=about,
        expires_at=now + TEST_LASTS,
    )
