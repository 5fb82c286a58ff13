"""The figures of the outbox. Tests of channels are left out of both."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading
from opsconsole.outbox.models import Delivery, DeliveryStatus
from opsconsole.outbox.selectors import TEST

ON_ITS_WAY = timedelta(minutes=5)  # younger ones are not late yet
_WAITING, _SENT, _FAILED = DeliveryStatus.WAITING, DeliveryStatus.SENT, DeliveryStatus.FAILED


@measure(
    "outbox.undelivered",
    title="Messages not delivered",
    unit="messages",
    better="lower",
    target=0,
    method="Messages of the period that were given up, and those that waited for more than 5 minutes at its end.",
)
def undelivered(period: Period) -> Reading:
    at = min(period.end, clock.now())
    waited = Q(status=_WAITING) | Q(status=_SENT, sent_at__gt=at)
    rows = _messages(at - timedelta(days=7), at).filter(
        Q(status=_FAILED, created_at__gte=period.start) | (waited & Q(created_at__lte=at - ON_ITS_WAY))
    )
    return Reading(rows.count(), evidence_url=f"{reverse('outbox:deliveries')}?status=failed")


@measure(
    "outbox.delivered",
    title="Messages delivered",
    unit="%",
    target=100,
    limit=95,
    digits=1,
    fold=Fold.POOLED,
    method="Of the messages queued in the period, leaving out those cancelled and those of the last 5 minutes, how many arrived.",
)
def delivered(period: Period) -> Reading:
    until = min(period.end, clock.now() - ON_ITS_WAY)
    rows = _messages(period.start, until).exclude(status=DeliveryStatus.CANCELLED)
    sums = rows.aggregate(all=Count("pk"), sent=Count("pk", filter=Q(status=_SENT)))
    url = reverse("outbox:deliveries")
    if not sums["all"]:
        return Reading(None, n=0, evidence_url=url, detail="No message was due.")
    return Reading(100 * sums["sent"] / sums["all"], n=sums["all"], evidence_url=url)


def _messages(start: datetime, end: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(created_at__gte=start, created_at__lt=end).exclude(event__startswith=TEST)
