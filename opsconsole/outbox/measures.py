"""The figures of the outbox. Tests of channels are left out of both."""

from django.db.models import Count, Q

from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading
from opsconsole.outbox.models import DeliveryStatus
from opsconsole.outbox.selectors import due_in, undelivered_in


@measure(
    "outbox.undelivered",
    title="Messages not delivered",
    unit="messages",
    better="lower",
    target=0,
    method="Messages of the period that were given up, and those that waited for more than 5 minutes at its end.",
    boards=("health",),
)
def undelivered(period: Period) -> Reading:
    url = span_url("outbox:deliveries", "outbox.undelivered", period)
    return Reading(undelivered_in(period, clock.now()).count(), evidence_url=url)


@measure(
    "outbox.delivered",
    title="Messages delivered",
    unit="%",
    target=100,
    limit=95,
    digits=1,
    fold=Fold.POOLED,
    method="Of the messages queued in the period, leaving out those cancelled and those of the last 5 minutes, how many arrived.",
    boards=("health",),
)
def delivered(period: Period) -> Reading:
    rows = due_in(period, clock.now())
    sums = rows.aggregate(all=Count("pk"), sent=Count("pk", filter=Q(status=DeliveryStatus.SENT)))
    url = span_url("outbox:deliveries", "outbox.delivered", period)
    if not sums["all"]:
        return Reading(None, n=0, evidence_url=url, detail="No message was due.")
    said = f"{sums['sent']:,} of {sums['all']:,}"
    return Reading(100 * sums["sent"] / sums["all"], n=sums["all"], evidence_url=url, detail=said)
