"""What is kept: pings for 90 days and at most 10,000 of a heartbeat, runs for 400 days, removed heartbeats for 30."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.states import OPEN
from opsconsole.lib.batches import delete_in_batches

PINGS_FOR, RUNS_FOR, REMOVED_FOR = timedelta(days=90), timedelta(days=400), timedelta(days=30)
PINGS_OF_ONE = 10_000


def prune(*, now: datetime) -> int:
    """Delete what is old, in small batches, since a long delete would hold up the listener's commits; the number of rows."""
    gone = Heartbeat.objects.filter(removed_at__lt=now - REMOVED_FOR)
    ids = list(gone.values_list("pk", flat=True))
    old = Q(started_at__lt=now - RUNS_FOR) | Q(started_at=None, finished_at__lt=now - RUNS_FOR)
    past: Iterable[QuerySet[Any]] = (
        Ping.objects.filter(folded=True, at__lt=now - PINGS_FOR).order_by("pk"),
        *_surplus(),
        Run.objects.filter(old).exclude(outcome__in=OPEN),
        Ping.objects.filter(heartbeat_id__in=ids),
        Run.objects.filter(heartbeat_id__in=ids),
    )
    return sum(map(delete_in_batches, past)) + gone.delete()[0]


def _surplus() -> Iterable[QuerySet[Ping]]:
    """For each heartbeat with more pings than are kept: the older ones."""
    many = Ping.objects.values("heartbeat_id").annotate(n=Count("pk")).filter(n__gt=PINGS_OF_ONE).order_by()
    for heartbeat_id in many.values_list("heartbeat_id", flat=True):
        own = Ping.objects.filter(heartbeat_id=heartbeat_id)
        last = own.order_by("-pk").values_list("pk", flat=True)[PINGS_OF_ONE - 1]
        yield own.filter(pk__lt=last, folded=True)
