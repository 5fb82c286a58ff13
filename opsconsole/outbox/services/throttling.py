"""Nobody's phone rings more often than a limit says. What is over it is held back, and goes out as one message when it may."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from opsconsole.lib.claims import free, held
from opsconsole.outbox.models import Channel, Delivery
from opsconsole.outbox.selectors import TEST, throttled
from opsconsole.outbox.states import opens_at
from opsconsole.outbox.transports.base import Limit, Outgoing, transports

TOGETHER = 20  # messages in one


@transaction.atomic
def delivery_let_through(
    *, delivery: Delivery, now: datetime, claimed: Sequence[Delivery] = ()
) -> list[Delivery] | None:
    """None when a claimed message was held back; else what waits for the same limit and goes along, claimed with it.

    claimed: what the caller has claimed besides and not begun to send.
    """
    transport = transports.get(delivery.channel.kind) if delivery.channel else None
    if delivery.channel is None or transport is None or not transport.limits:
        return []
    Channel.with_removed.select_for_update(no_key=True).get(pk=delivery.channel.pk)  # one at a time
    if opens := _opens(delivery.channel, transport.limits, now):
        held(delivery).update(due_at=opens, throttled_at=now, leased_until=None)
        return None
    held(delivery).update(let_through_at=now)
    return [] if delivery.event.startswith(TEST) else _along(delivery, claimed, now)


def _opens(channel: Channel, limits: Sequence[Limit], now: datetime) -> datetime | None:
    since = now - max(limit.span for limit in limits)
    sent = _to_the_same(channel).filter(let_through_at__gt=since).values_list("let_through_at", flat=True)
    return opens_at(limits, [at for at in sent if at], now)


def _to_the_same(channel: Channel) -> QuerySet[Delivery]:
    """Through all channels of this kind to one person; through this channel if it is nobody's."""
    whose = Q(channel__user=channel.user_id) if channel.user_id else Q(channel=channel)
    return Delivery.objects.filter(whose, channel__kind=channel.kind)


def _along(delivery: Delivery, claimed: Sequence[Delivery], now: datetime) -> list[Delivery]:
    ours = Q(pk__in=[row.pk for row in claimed])
    waiting = Delivery.objects.filter(throttled(), free(now) | ours, channel=delivery.channel)
    rest = waiting.exclude(pk=delivery.pk).exclude(event__startswith=TEST).order_by("pk")
    rows = list(rest.select_for_update(skip_locked=True)[: TOGETHER - 1])
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=delivery.leased_until)
    for row in rows:
        row.leased_until = delivery.leased_until
    return rows


def bundled(outgoing: Outgoing, along: Sequence[Delivery]) -> Outgoing:
    """One message out of several: their subjects, and the numbers of the incidents that may be acknowledged by reply."""
    if not along:
        return outgoing
    data = [outgoing.data, *(row.content["data"] for row in along)]
    numbers = sorted(
        {facts["number"] for facts in data if facts.get("number") and facts.get("status") == "open"}
    )
    subjects = [outgoing.subject, *(row.subject for row in along)]
    return replace(
        outgoing,
        subject=f"{len(subjects)} messages: {'; '.join(subjects)}"[:600],
        text="\n".join(subjects),
        data={**outgoing.data, "numbers": numbers},
    )
