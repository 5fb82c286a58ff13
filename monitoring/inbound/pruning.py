"""What is kept of deliveries: thirty days, and of each integration the last 200; what waits stays.

Errors of a tracker are kept for 400 days after they last happened.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from monitoring.inbound.issues import issues_prune
from monitoring.inbound.models import Arrival, Fate
from opsconsole.lib.batches import delete_in_batches

KEPT_FOR = timedelta(days=30)
KEPT_OF_ONE = 200


def prune(*, now: datetime) -> int:
    """Delete what is old or too many; the number of rows."""
    old = Arrival.objects.filter(at__lt=now - KEPT_FOR).exclude(fate=Fate.WAITING).order_by("pk")
    return sum(delete_in_batches(rows, size=200) for rows in (old, *_surplus())) + issues_prune(now=now)


def _surplus() -> Iterable[QuerySet[Arrival]]:
    many = Arrival.objects.values("integration").annotate(n=Count("pk")).filter(n__gt=KEPT_OF_ONE).order_by()
    for integration in many.values_list("integration", flat=True):
        own = Arrival.objects.filter(integration=integration)
        last = own.order_by("-pk").values_list("pk", flat=True)[KEPT_OF_ONE - 1]
        yield own.filter(pk__lt=last).exclude(fate=Fate.WAITING).order_by("pk")
