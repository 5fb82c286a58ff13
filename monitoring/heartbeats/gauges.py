"""How jobs fare, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from opsconsole.health.exposition import Gauge, Sample, flag, gauges

_READ = ("slug", "service__slug", "status", "last_ping_at", "recent_seconds", "expected_at")
KNOWN = {Status.UP: True, Status.DOWN: False}


@gauges("heartbeats")
def heartbeats(now: datetime) -> Iterator[Gauge]:
    rows = list(Heartbeat.objects.live().select_related("service").only(*_READ).order_by("pk"))
    named = [(row, {"service": row.service.slug, "job": row.slug}) for row in rows]
    kept = maintained(now)
    yield flag("job_up", "Whether a job comes and succeeds; absent while that is not known, and under maintenance.", [
        (labels, KNOWN[Status(row.status)]) for row, labels in named
        if row.status in KNOWN and row.service_id not in kept
    ])  # fmt: skip
    yield flag("job_maintenance", "Whether the service of a job is under maintenance.", [
        (labels, row.service_id in kept) for row, labels in named if row.status != Status.PAUSED
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
