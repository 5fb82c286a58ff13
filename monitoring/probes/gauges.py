"""What probes found last, for /metrics."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Min

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.states import Status
from monitoring.probes.models import Probe, Sighting
from monitoring.regions.states import SILENT
from opsconsole.health.exposition import Gauge, Sample, flag, gauges
from opsconsole.lib.moments import to_ms

ANSWERS = {Status.UP: True, Status.DEGRADED: True, Status.DOWN: False}
_READ = (
    "name", "service__slug", "status", "is_paused", "last_ms", "last_at", "certificate_expires_at", "last_outcome",
)  # fmt: skip


@gauges("probes")
def probes(now: datetime) -> Iterator[Gauge]:
    asked = Probe.objects.filter(is_paused=False)
    rows = list(asked.select_related("service").only(*_READ).order_by("pk"))
    named = [(row, {"service": row.service.slug, "probe": row.name, "id": str(row.pk)}) for row in rows]
    kept = maintained(now)
    known = [(row, labels) for row, labels in named if row.status in ANSWERS and row.service_id not in kept]
    yield flag("probe_up", "Whether a probe's target answers, slowly or not; absent while that is not known, and under maintenance.", [
        (labels, ANSWERS[Status(row.status)]) for row, labels in known
    ])  # fmt: skip
    yield flag("probe_slow", "Whether it answers more slowly than it should.", [
        (labels, row.status == Status.DEGRADED) for row, labels in known
    ])  # fmt: skip
    yield flag("probe_maintenance", "Whether the service of a probe is under maintenance.", [
        (labels, row.service_id in kept) for row, labels in named
    ])  # fmt: skip
    yield Gauge("probe_duration_seconds", "How long its last answer took.", [
        Sample(row.last_ms / 1000, labels) for row, labels in named if row.last_ms is not None
    ])  # fmt: skip
    yield Gauge("probe_timestamp_seconds", "When it was last asked.", [
        Sample(to_ms(row.last_at) / 1000, labels) for row, labels in named if row.last_at
    ])  # fmt: skip
    yield Gauge("certificate_expiry_timestamp_seconds", "When its certificate ends.", [
        Sample(to_ms(row.certificate_expires_at) / 1000, labels)
        for row, labels in named if row.certificate_expires_at
    ])  # fmt: skip
    yield _regions(now, kept)
    yield _lag(now)


def _regions(now: datetime, kept: Collection[int]) -> Gauge:
    """What each region that votes has confirmed; the probe's own is what they say together."""
    asked = Sighting.objects.exclude(probe__service__in=list(kept))
    voting = asked.filter(region__seen_at__gte=now - SILENT, region__trouble="")
    found = voting.filter(next_at__isnull=False, status__in=ANSWERS).order_by("probe", "region")
    rows = found.values_list("probe", "probe__name", "probe__service__slug", "region", "status")
    return flag("probe_region_up", "Whether a probe's target answers a region, as it last said.", [
        ({"service": service, "probe": name, "id": str(pk), "region": region}, ANSWERS[Status(status)])
        for pk, name, service, region, status in rows
    ])  # fmt: skip


def _lag(now: datetime) -> Gauge:
    oldest = Probe.objects.filter(is_paused=False).aggregate(oldest=Min("next_at"))["oldest"]
    late = (now - oldest).total_seconds() if oldest else 0
    return Gauge(
        "probes_lag_seconds", "How late the probe is that is overdue the longest.", [Sample(max(late, 0))]
    )
