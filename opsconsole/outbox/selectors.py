"""Readers of channels and deliveries."""

from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from opsconsole.lib.claims import free
from opsconsole.outbox.models import Delivery, DeliveryStatus, Topic
from opsconsole.outbox.transports.base import transports

TEST = "channel.test:"
ORDER = (Case(When(topic=Topic.INCIDENTS, then=0), default=1), F("due_at").asc(), F("id").asc())
DIRECT = "email"  # the kind of transport for messages that have a recipient and no channel


def kind_of(delivery: Delivery) -> str:
    return delivery.channel.kind if delivery.channel else DIRECT


def sendable() -> Q:
    """What has an open way out. A test goes through a closed channel too: it is how one finds out whether to open it."""
    return Q(channel=None) | Q(channel__removed_at=None, channel__is_enabled=True) | Q(event__startswith=TEST)


def due(now: datetime) -> QuerySet[Delivery]:
    """What is to be sent now and in nobody's hands, the urgent first."""
    return Delivery.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now),
        free(now),
        sendable(),
        status=DeliveryStatus.WAITING,
        due_at__lte=now,
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
