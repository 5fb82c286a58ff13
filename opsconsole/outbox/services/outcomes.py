"""How an attempt to send went, and what follows: another one, the end of the message, the end of its channel."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from opsconsole.lib.claims import held
from opsconsole.lib.figures import counted
from opsconsole.lib.secrets import digest
from opsconsole.outbox.messages import render
from opsconsole.outbox.models import Attempt, Channel, Delivery, DeliveryStatus, Health, Topic
from opsconsole.outbox.selectors import TEST, kind_of
from opsconsole.outbox.services.deliveries import message_broadcast
from opsconsole.outbox.services.fallbacks import delivery_hand_over, waiting_hand_over
from opsconsole.outbox.states import next_try
from opsconsole.outbox.transports.base import STANDARD_WEBHOOKS, transports

log = logging.getLogger(__name__)
AFTER_A_BUNDLE = timedelta(seconds=30)


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: what the other side said, in a sentence, and how long it took."""

    ok: bool
    detail: str
    ms: int = 0
    permanent: bool = False
    retry_after: float | None = None


@transaction.atomic
def delivery_confirm(
    *, delivery: Delivery, outcome: Outcome, now: datetime, along: Sequence[Delivery] = ()
) -> None:
    """Write down an attempt and what follows from it, if the caller's lease still stands. `along` went with it, as one message."""
    begun = now - timedelta(milliseconds=outcome.ms)
    Attempt.objects.create(
        delivery=delivery, at=begun, ok=outcome.ok, detail=outcome.detail[:2000], ms=outcome.ms
    )
    if delivery.channel and _has_new_settings(delivery.channel):
        outcome = replace(outcome, permanent=False)  # it speaks of the former ones
    elif delivery.channel:
        channel_heard(channel=delivery.channel, ok=outcome.ok, detail=outcome.detail, now=now)
    delivery.attempts += 1
    if outcome.ok:
        _settle(delivery, DeliveryStatus.SENT, sent_at=now, last_error="")
    else:
        _failed(delivery, outcome, now)
    for other in along:
        _went_along(other, delivery, outcome, now)


def _went_along(other: Delivery, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """What was in the same message fared the same; if it failed, each is due again, to be bundled anew."""
    begun = now - timedelta(milliseconds=outcome.ms)
    detail = f"Together with “{delivery.subject}”: {outcome.detail}"[:2000]
    Attempt.objects.create(delivery=other, at=begun, ok=outcome.ok, detail=detail, ms=outcome.ms)
    if outcome.ok:
        _settle(other, DeliveryStatus.SENT, sent_at=now, last_error="", bundled_into=delivery)
    else:
        _settle(other, DeliveryStatus.WAITING, due_at=now + AFTER_A_BUNDLE, last_error=outcome.detail)


def _has_new_settings(channel: Channel) -> bool:
    """Whether a person changed them while a message was sent with the former ones."""
    row = Channel.with_removed.select_for_update(no_key=True).get(pk=channel.pk)
    return bool(row.config != channel.config)


def again_at(delivery: Delivery, now: datetime, asked: float | None = None) -> datetime | None:
    """When it is tried next; None when all its tries are used up."""
    transport = transports.get(kind_of(delivery))
    waits = transport.waits if transport else STANDARD_WEBHOOKS
    chance = random.random()  # noqa: S311 — spreads load, guards nothing
    return next_try(waits, delivery.attempts, now=now, chance=chance, asked=asked)


def _failed(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    again = again_at(delivery, now, outcome.retry_after)
    if delivery.channel and delivery.attempts >= delivery.channel.fallback_after:
        why = f"has not taken it in {counted(delivery.attempts, 'attempt')}: {outcome.detail}"
        delivery_hand_over(delivery=delivery, why=why, now=now)
    if again and not outcome.permanent:
        _settle(delivery, DeliveryStatus.WAITING, due_at=again, last_error=outcome.detail)
    elif _settle(delivery, DeliveryStatus.FAILED, last_error=outcome.detail):
        bury(delivery, outcome, now)


def _settle(delivery: Delivery, status: DeliveryStatus, **fields: object) -> bool:
    """Let go of a claimed delivery in its new state; False when the lease was lost and somebody else decides."""
    fields |= {"status": status, "attempts": delivery.attempts, "leased_until": None}
    moved = held(delivery).filter(status=DeliveryStatus.WAITING).update(**fields)
    if not moved:
        log.warning("the lease of delivery %s was lost before it was confirmed", delivery.pk)
    return bool(moved)


def bury(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """A message that will not arrive closes a channel that is gone, and is told through the others."""
    closes = bool(delivery.channel and outcome.permanent)
    if delivery.channel and closes:
        channel_close(channel=delivery.channel, reason=outcome.detail)
        why = f"is closed: {outcome.detail}"
        delivery_hand_over(delivery=delivery, why=why, now=now)
        waiting_hand_over(channel=delivery.channel, why=why, now=now)
    if delivery.event.startswith(TEST) or (delivery.event.startswith("outbox.") and not closes):
        return
    target = delivery.channel.name if delivery.channel else delivery.recipient
    # An outage must not end in as many messages as it swallowed: each target is told of once a day.
    whom = delivery.channel_id or digest(delivery.recipient)[:20]
    key = f"closed:{delivery.uuid}" if closes else f"{whom}:{now:%Y-%m-%d}"
    about = reverse("outbox:delivery", args=[delivery.pk])
    facts = {"target": target, "error": outcome.detail, "closed": closes, "refused": outcome.permanent}
    message = render("undelivered", {**facts, "delivery": delivery, "about": about}, data=facts)
    message_broadcast(
        event=f"outbox.undelivered:{key}",
        topic=Topic.CONSOLE,
        message_for=lambda _channel: message,
        now=now,
        about=about,
    )


def channel_heard(*, channel: Channel, ok: bool, detail: str, now: datetime) -> None:
    """Note what an attempt says about its channel; `health_since` stands as long as the health does."""
    health = Health.WORKS if ok else Health.FAILING
    this = Channel.objects.filter(pk=channel.pk)
    this.exclude(health=health).update(health=health, health_since=now)
    this.update(last_error="" if ok else detail[:2000])


def channel_close(*, channel: Channel, reason: str) -> None:
    """Close a channel that will never take a message again; a person may open it."""
    channel.is_enabled, channel.disabled_reason = False, reason[:2000]
    channel.save(update_fields=["is_enabled", "disabled_reason"])
