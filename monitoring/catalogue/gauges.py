"""Changes of state that nobody has handled yet, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min

from monitoring.catalogue.models import StatusChange
from opsconsole.health.exposition import Gauge, Sample, gauges


@gauges("catalogue")
def changes(now: datetime) -> Iterator[Gauge]:
    found = StatusChange.objects.filter(handled_at=None).aggregate(n=Count("pk"), oldest=Min("noticed_at"))
    lag = (now - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield Gauge(
        "state_changes_waiting", "Changes of state that incidents have not seen yet.", [Sample(found["n"])]
    )
    yield Gauge("state_change_lag_seconds", "For how long the oldest of them waits.", [Sample(max(lag, 0))])
