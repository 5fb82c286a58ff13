"""How messages fare, for /metrics."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min

from opsconsole.health.exposition import Gauge, Sample, flag, gauges
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Health
from opsconsole.outbox.selectors import due

DAY = timedelta(hours=24)


@gauges("outbox")
def outbox(now: datetime) -> Iterator[Gauge]:
    yield _today(now)
    waiting = due(now).order_by().aggregate(n=Count("pk"), oldest=Min("due_at"))
    lag = (now - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0
    yield Gauge("deliveries_due", "Messages that are to be sent now.", [Sample(waiting["n"])])
    yield Gauge(
        "delivery_lag_seconds", "For how long the oldest message that is due waits.", [Sample(max(lag, 0))]
    )
    yield from _channels(list(Channel.objects.order_by("pk")))


def _channels(channels: Sequence[Channel]) -> Iterator[Gauge]:
    yield flag("channel_open", "Whether a channel is open.", [
        (_labels(channel), channel.is_enabled) for channel in channels
    ])  # fmt: skip
    yield flag("channel_failing", "Whether nothing gets through a channel; absent until it was tried.", [
        (_labels(channel), channel.health == Health.FAILING)
        for channel in channels if channel.health != Health.UNTRIED
    ])  # fmt: skip


def _labels(channel: Channel) -> dict[str, str]:
    return {"channel": channel.name, "kind": channel.kind, "id": str(channel.pk)}


def _today(now: datetime) -> Gauge:
    rows = Delivery.objects.filter(created_at__gt=now - DAY).order_by().values_list("status")
    counts = dict(rows.annotate(n=Count("pk")))
    samples = [Sample(counts.get(status, 0), {"status": status}) for status in DeliveryStatus.values]
    return Gauge("deliveries_of_a_day", "Messages of the last 24 hours by what became of them.", samples)
