"""Readers of channels and deliveries."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from opsconsole.lib.claims import free
from opsconsole.lib.periods import Period
from opsconsole.lib.secrets import digest
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Topic
from opsconsole.outbox.transports.base import transports

TEST = "channel.test:"
ON_ITS_WAY = timedelta(minutes=5)  # younger ones are not late yet
LONGEST_WAIT = timedelta(hours=48)  # more than lies between any two attempts
ORDER = (Case(When(topic=Topic.INCIDENTS, then=0), default=1), F("due_at").asc(), F("id").asc())
DIRECT = "email"  # the kind of transport for messages that have a recipient and no channel


def kind_of(delivery: Delivery) -> str:
    return delivery.channel.kind if delivery.channel else DIRECT


def wants(channel: Channel, event: str) -> bool:
    """Whether a message of this event may go through it: a phone does not ring to say that something is over."""
    transport = transports.get(channel.kind)
    is_over = event.partition(":")[0].endswith((".resolved", ".recovered"))
    return not (is_over and transport and transport.calls_only)


def hooked(token: str, hook: str) -> Channel | None:
    """The channel whose provider calls back at an address with this token."""
    kinds = [transport.kind for transport in transports if transport.hook == hook]
    rows = Channel.objects.select_related("user").filter(hook=digest(token), kind__in=kinds)
    return rows.first()


def follows(channel: Channel) -> bool:
    """Whether what stands behind it has incidents of its own, and wants to hear that one is acknowledged here."""
    transport = transports.get(channel.kind)
    return bool(transport and transport.follows)


def ringing() -> list[str]:
    """The kinds of channels that ring somebody."""
    return [transport.kind for transport in transports if transport.calls_only]


def open_fallback(channel: Channel) -> Channel | None:
    """The first that is open, going from each to its own fallback."""
    at, seen = channel.fallback, {channel.pk}
    while at and at.pk not in seen:
        if at.is_enabled and not at.removed_at:
            return at
        seen.add(at.pk)
        at = at.fallback
    return None


def throttled() -> Q:
    """What `Delivery.is_throttled` says, for queries."""
    not_since = Q(let_through_at=None) | Q(let_through_at__lt=F("throttled_at"))
    return Q(status=DeliveryStatus.WAITING, throttled_at__isnull=False) & not_since


def sendable() -> Q:
    """What has an open way out. A test goes through a closed channel too: it is how one finds out whether to open it."""
    return Q(channel=None) | Q(channel__removed_at=None, channel__is_enabled=True) | Q(event__startswith=TEST)


def due(now: datetime) -> QuerySet[Delivery]:
    """What is to be sent now and in nobody's hands, the urgent first.

    What is due so far ahead that only a clock set back explains it is due now: else it would wait until that time has come.
    """
    return Delivery.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now),
        Q(due_at__lte=now) | Q(due_at__gt=now + LONGEST_WAIT),
        free(now),
        sendable(),
        status=DeliveryStatus.WAITING,
    ).order_by(*ORDER)


def lane() -> Case:
    """Whatever shares one server shares a lane; a lane that hangs does not hold up the others."""
    shared = [transport.kind for transport in transports if transport.shared]
    return Case(
        When(channel=None, then=Value(DIRECT)),
        *(When(channel__kind=kind, then=Value(kind)) for kind in shared),
        default=Cast("channel_id", CharField()),
        output_field=CharField(),
    )


def next_in_lanes(now: datetime, *, each: int, limit: int) -> list[tuple[int, str]]:
    """Ids of due deliveries with their lanes, at most `each` of a lane."""
    rows = due(now).annotate(lane=lane())
    place = Window(RowNumber(), partition_by=F("lane"), order_by=ORDER)
    return list(rows.annotate(place=place).filter(place__lte=each).values_list("pk", "lane")[:limit])


def overdue(now: datetime, grace: timedelta) -> QuerySet[Delivery]:
    """What should have been tried `grace` ago and is in nobody's hands."""
    return due(now).filter(due_at__lte=now - grace)


def undelivered_in(period: Period, now: datetime) -> QuerySet[Delivery]:
    """Messages of a period that were given up, and those that waited for more than ON_ITS_WAY at its end (or now)."""
    at = min(period.end, now)
    waited = Q(status=DeliveryStatus.WAITING) | Q(status=DeliveryStatus.SENT, sent_at__gt=at)
    failed = Q(status=DeliveryStatus.FAILED, created_at__gte=period.start)
    since = min(period.start, at - timedelta(days=7))  # nothing waits for longer than that
    return _messages(since, at).filter(failed | waited & Q(created_at__lte=at - ON_ITS_WAY))


def due_in(period: Period, now: datetime) -> QuerySet[Delivery]:
    """Messages of a period that should have arrived by now."""
    due = _messages(period.start, min(period.end, now - ON_ITS_WAY))
    return due.exclude(status=DeliveryStatus.CANCELLED)


def _messages(start: datetime, end: datetime) -> QuerySet[Delivery]:
    """Without tests of channels, which are left out of every figure."""
    return Delivery.objects.filter(created_at__gte=start, created_at__lt=end).exclude(event__startswith=TEST)


FIGURES: dict[str, Callable[[Period, datetime], QuerySet[Delivery]]] = {
    "outbox.undelivered": undelivered_in,
    "outbox.delivered": due_in,
}
"""The messages that each figure of a period is made of."""
