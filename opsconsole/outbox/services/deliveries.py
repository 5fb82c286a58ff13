"""What becomes of messages. Call `message_queue` and `message_broadcast` inside the transaction of the cause: the message then
exists exactly if its cause does."""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.claims import free, held
from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import closed
from opsconsole.lib.secrets import digest
from opsconsole.outbox.messages import Message, render
from opsconsole.outbox.models import Attempt, Channel, Delivery, DeliveryStatus, Health, Reply, Topic
from opsconsole.outbox.selectors import TEST, kind_of, open_fallback, sendable, wants
from opsconsole.outbox.services import SWEEP
from opsconsole.outbox.services.fallbacks import delivery_hand_over, waiting_hand_over
from opsconsole.outbox.states import may_become, next_try
from opsconsole.outbox.transports.base import STANDARD_WEBHOOKS, transports

log = logging.getLogger(__name__)
HELD_FOR = timedelta(hours=75)  # how long a closed channel keeps its messages, as long as an open one tries
KEPT_FOR = timedelta(days=90)
TEST_LASTS = timedelta(hours=1)
AFTER_A_BUNDLE = timedelta(seconds=30)
UNDO_FOR = timedelta(minutes=10)  # a removal can be undone; so long its messages stay


@transaction.atomic
def message_queue(
    *,
    event: str,
    topic: Topic,
    message: Message,
    now: datetime,
    channel: Channel | None = None,
    recipient: str = "",
    about: str = "",
    expires_at: datetime | None = None,
    because: str = "",
) -> Delivery:
    """Queue one message to a channel, or directly to an e-mail address. The same event to the same one is queued once.

    event: “noun.happened:id”; the part before the colon is the type that webhooks see. about: path of the page of the cause.
    because: why it goes through a channel that was not told of this.
    """
    delivery, fresh = Delivery.objects.get_or_create(
        event=event,
        channel=channel,
        recipient=recipient,
        defaults={
            "topic": topic,
            "subject": message.subject,
            "content": message.content(),
            "about": about,
            "due_at": now,
            "expires_at": expires_at,
            "because": because,
        },
    )
    if fresh:
        nudge(SWEEP)
    return delivery


@transaction.atomic
def message_broadcast(
    *,
    event: str,
    topic: Topic,
    message_for: Callable[[Channel], Message],
    now: datetime,
    about: str = "",
    expires_at: datetime | None = None,
    to: Callable[[Channel], bool] = lambda _: True,
) -> list[Delivery]:
    """Queue a message to every open channel of a topic; `message_for` writes it for each (its own link, its own person).

    `to` narrows it to some of them.
    """
    rows = Channel.objects.select_related("user", "fallback")
    told = [row for row in rows if topic in row.topics and wants(row, event) and to(row)]
    whom = {channel: "" for channel in told if channel.is_enabled} | stand_ins(told)
    return [
        message_queue(
            event=event,
            topic=topic,
            message=message_for(channel),
            now=now,
            channel=channel,
            about=about,
            expires_at=expires_at,
            because=because,
        )
        for channel, because in whom.items()
    ]


def stand_ins(told: Sequence[Channel]) -> dict[Channel, str]:
    """For those that an error closed, the channels that get their messages, with why; no channel that gets them anyway."""
    found: dict[Channel, str] = {}
    for channel in told:
        if not channel.is_enabled and channel.disabled_reason and (other := open_fallback(channel)):
            why = closed(f"{channel} is closed: {channel.disabled_reason}")[:300]
            found.setdefault(other, why)
    return {channel: why for channel, why in found.items() if channel not in told}


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
        why = f"has not taken it in {delivery.attempts} attempts: {outcome.detail}"
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


@transaction.atomic
def delivery_retry(*, actor: Actor, delivery: Delivery, now: datetime) -> None:
    """Try now: what waits for its next attempt, and what was given up or cancelled.

    Raises ValidationError when it was sent, or its channel is closed.
    """
    require(actor, Role.RESPONDER)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not Delivery.objects.filter(sendable(), pk=row.pk).exists():
        raise ValidationError(f"{row.channel} is closed. Open the channel first, then try again.")
    if row.status != DeliveryStatus.WAITING and not may_become(row.status, DeliveryStatus.WAITING):
        raise ValidationError("It has been delivered; there is nothing to try again.")
    if row.status != DeliveryStatus.WAITING:
        row.attempts = 0  # it has the whole schedule of retries before it again
    row.status, row.due_at, row.expires_at = DeliveryStatus.WAITING, now, None
    row.save(update_fields=["status", "due_at", "expires_at", "attempts"])
    nudge(SWEEP)


@transaction.atomic
def delivery_cancel(*, actor: Actor, delivery: Delivery, now: datetime) -> None:
    """Give up a message that waits. Raises ValidationError when it is not waiting, or is being sent at this moment."""
    require(actor, Role.RESPONDER)
    waiting = Delivery.objects.filter(free(now), pk=delivery.pk, status=DeliveryStatus.WAITING)
    if not waiting.update(status=DeliveryStatus.CANCELLED, last_error=f"Cancelled by {actor}."):
        raise ValidationError("It cannot be cancelled: it is being sent at this moment, or has ended.")


def deliveries_end(*, now: datetime) -> int:
    """End what waits in vain: too late to be of use, its channel removed, or closed for as long as we would have tried."""
    waiting = Delivery.objects.filter(free(now), status=DeliveryStatus.WAITING)
    ends = (
        (Q(expires_at__lte=now), DeliveryStatus.CANCELLED, "It would have come too late to be of use."),
        (Q(channel__removed_at__lte=now - UNDO_FOR), DeliveryStatus.CANCELLED, "Its channel was removed."),
        (
            ~sendable() & Q(created_at__lte=now - HELD_FOR),
            DeliveryStatus.FAILED,
            "Its channel was closed for 75 hours.",
        ),
    )
    # Looking first costs no lock: mostly there is nothing to end. What somebody took to send it meanwhile is not ended.
    return sum(
        waiting.filter(pk__in=ids).update(status=status, last_error=why)
        for which, status, why in ends
        if (ids := list(waiting.filter(which).values_list("pk", flat=True)[:1000]))
    )


def deliveries_prune(*, now: datetime) -> int:
    """Delete what ended 90 days ago, with its attempts; at most 10,000 at a time."""
    ended = Delivery.objects.filter(created_at__lte=now - KEPT_FOR).exclude(status=DeliveryStatus.WAITING)
    Reply.objects.filter(at__lte=now - KEPT_FOR).delete()
    return delete_in_batches(ended.order_by("created_at"), size=500, most=20)
