"""How jobs fare, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from opsconsole.health.exposition import Gauge, Sample, flag, gauges

_READ = ("slug", "service__slug", "status", "last_ping_at", "recent_seconds", "expected_at")
KNOWN = {Status.UP: True, Status.DOWN: False}


@gauges("heartbeats")
def heartbeats(_now: datetime) -> Iterator[Gauge]:
    rows = list(Heartbeat.objects.live().select_related("service").only(*_READ).order_by("pk"))
    named = [(row, {"service": row.service.slug, "job": row.slug}) for row in rows]
    yield flag("job_up", "Whether a job comes and succeeds; absent while that is not known.", [
        (labels, KNOWN[Status(row.status)]) for row, labels in named if row.status in KNOWN
    ])  # fmt: skip
    yield Gauge("job_ping_timestamp_seconds", "When it last reported.", [
        Sample(row.last_ping_at.timestamp(), labels) for row, labels in named if row.last_ping_at
    ])  # fmt: skip
    yield Gauge("job_expected_timestamp_seconds", "When it should report next, without its grace.", [
        Sample(row.expected_at.timestamp(), labels) for row, labels in named if row.expected_at
    ])  # fmt: skip
    yield Gauge("job_duration_seconds", "How long its last run took that was timed.", [
        Sample(row.recent_seconds[-1], labels) for row, labels in named if row.recent_seconds
    ])  # fmt: skip
