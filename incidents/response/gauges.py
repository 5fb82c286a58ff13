"""Incidents that are going on, for /metrics. Drills are none."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q

from incidents.response.selectors import live
from incidents.response.states import Severity
from opsconsole.health.exposition import Gauge, Sample, gauges


@gauges("response")
def incidents(_now: datetime) -> Iterator[Gauge]:
    rows = live().filter(is_drill=False).order_by().values_list("severity")
    counts = {
        severity: (n, alone)
        for severity, n, alone in rows.annotate(
            n=Count("pk"), alone=Count("pk", filter=Q(acknowledged_at=None))
        )
    }
    named = [(counts.get(severity, (0, 0)), {"severity": severity.label}) for severity in Severity]
    yield Gauge("incidents_open", "Incidents that are not resolved.", [
        Sample(found[0], labels) for found, labels in named
    ])  # fmt: skip
    yield Gauge("incidents_unacknowledged", "Those that nobody has acknowledged.", [
        Sample(found[1], labels) for found, labels in named
    ])  # fmt: skip
