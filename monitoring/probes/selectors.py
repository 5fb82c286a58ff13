"""Readers of probes and what they found lately. Lists stand in listing.py, outages in outages.py, roll-ups in history.py."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import (
    Count,
    Q,
    QuerySet,
)

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.sources import Signal
from monitoring.catalogue.states import Status
from monitoring.probes.models import Failure, Probe, path_of, source_of
from monitoring.probes.standing import (
    NOT_ASKED,
    Seen,
    said,
    shown,
)
from opsconsole.lib import clock


def expires_before(moment: datetime) -> Q:
    """Probes that ask and whose certificate ends before a moment."""
    return Q(is_paused=False, certificate_expires_at__lt=moment)


def status_counts(now: datetime) -> dict[Status, int]:
    """How many probes have which status, as `shown_of` has it; statuses that none has are absent."""
    rows = (
        Probe.objects.order_by()
        .annotate(said=shown(now, maintained(now)))
        .values_list("said")
        .annotate(Count("id"))
    )
    return {Status(status): n for status, n in rows}


def signals(service_ids: Collection[int]) -> list[Signal]:
    """The present state of each probe of these services, for the catalogue."""
    found = Probe.objects.filter(service_id__in=service_ids).order_by().annotate(said=said(clock.now()))
    return [_signal(seen) for seen in map(Seen._make, found.values_list(*Seen._fields))]


def _signal(row: Seen) -> Signal:
    detail, since = detail_of(row), row.status_since
    if row.said != row.status:
        detail, since = NOT_ASKED, row.last_at
    is_new = row.said == Status.UNKNOWN and row.status_since is None
    return Signal(
        row.service_id, source_of(row.pk), row.name, row.said, detail, path_of(row.pk), since, is_new
    )


def states() -> "QuerySet[Probe, tuple[int, str]]":
    """The same without words, for the navigation."""
    found = Probe.objects.order_by().annotate(said=said(clock.now()))
    return found.values_list("service_id", "said").distinct()


def detail_of(probe: Probe | Seen) -> str:
    """The latest state in a few words: the reason when there is one, else the speed."""
    if probe.last_error and not probe.is_paused:
        return probe.last_error
    return f"{probe.last_ms} ms" if probe.last_ms is not None and probe.status == Status.UP else ""


def recent_failures(probe: Probe, *, limit: int = 20) -> list[Failure]:
    """The newest failures with their bodies, newest first."""
    return list(Failure.objects.filter(probe=probe)[:limit])
