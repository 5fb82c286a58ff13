"""Readers of incidents."""

from collections.abc import Collection, Mapping

from django.db.models import Count, QuerySet

from incidents.response.models import Incident, SeverityPolicy, TimelineEntry
from incidents.response.states import Severity
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import dependency_edges
from monitoring.catalogue.sources import Signal, sources

# Targets in minutes (acknowledge, resolve, update) for a severity whose policy was deleted.
_FALLBACK = {
    Severity.P0: (5, 60, 30),
    Severity.P1: (60, 240, 60),
    Severity.P2: (240, 1440, 1440),
    Severity.P3: (480, 10080, 10080),
}


def policy_of(severity: int) -> SeverityPolicy:
    level = Severity(severity)
    return SeverityPolicy.objects.filter(level=level).first() or _fallback(level)


def policies() -> list[SeverityPolicy]:
    """All four, from the worst."""
    found = {policy.level: policy for policy in SeverityPolicy.objects.all()}
    return [found.get(level) or _fallback(level) for level in Severity]


def _fallback(level: Severity) -> SeverityPolicy:
    acknowledge, resolve, update = _FALLBACK[level]
    return SeverityPolicy(
        level=level,
        title=level.label,
        acknowledge_minutes=acknowledge,
        resolve_minutes=resolve,
        update_minutes=update,
        postmortem_required=level <= Severity.P1,
    )


MOST = 50
"""Open incidents that a page reads. With one more it says “more than 50”: a storm, in which the number helps nobody."""


def live() -> "QuerySet[Incident]":
    """Open and acknowledged incidents, the worst first, then the oldest."""
    return Incident.objects.live().select_related("service", "assignee").order_by("severity", "number")


def root_of(incident: Incident) -> Incident:
    """The incident that this one was merged into, at the end of the chain; itself when it was not merged."""
    seen = {incident.pk}
    while incident.merged_into and incident.merged_into_id not in seen:
        incident = incident.merged_into
        seen.add(incident.pk)
    return incident


def signals_of(service_ids: Collection[int]) -> list[Signal]:
    """What probes and heartbeats say now of some services; what is paused, in maintenance or was never heard says nothing."""
    silent = {watched.Status.PAUSED, watched.Status.MAINTENANCE}
    found = [signal for read in sources for signal in read(service_ids)] if service_ids else []
    return [signal for signal in found if signal.status not in silent and not signal.is_new]


def not_up(service_ids: Collection[int]) -> list[Signal]:
    return [signal for signal in signals_of(service_ids) if signal.status != watched.Status.UP]


def upstream(*services: Service) -> set[int]:
    """Ids of the services that these depend on, directly and through others."""
    return above([service.pk for service in services], dependency_edges())


def above(service_ids: Collection[int], edges: Mapping[int, Collection[int]]) -> set[int]:
    """The same by ids, where it is known what depends on what."""
    found: set[int] = set()
    ahead = list(service_ids)
    while ahead:
        ahead = [one for below in ahead for one in edges.get(below, ()) if one not in found]
        found.update(ahead)
    return found - set(service_ids)


def similar(incident: Incident, limit: int = 3) -> list[Incident]:
    """Earlier incidents of the same service or the same source, the newest first."""
    past = Incident.objects.counted().filter(number__lt=incident.number)
    if incident.service_id:
        return list(past.filter(service=incident.service_id).order_by("-number")[:limit])
    same = past.filter(dedup_key=incident.dedup_key).exclude(dedup_key="")
    return list(same.order_by("-number")[:limit])


def signature(incident: Incident, kind: str) -> str:
    """Who last did it, by the name they had then; "" when nobody did."""
    entries = TimelineEntry.objects.filter(incident=incident, kind=kind).order_by("-at", "-id")
    return entries.values_list("signature", flat=True).first() or ""


def touched_by(incidents: Collection[Incident]) -> dict[int, int]:
    """How many services each incident touches, by the incident's id."""
    rows = Incident.affected.through.objects.filter(incident__in=[i.pk for i in incidents])
    return {row["incident"]: row["n"] for row in rows.values("incident").annotate(n=Count("pk"))}
