"""Which incident a failure belongs to. Rows come locked, in the caller's transaction; drills are never among them."""

from datetime import datetime, timedelta

from incidents.response.dependents import downstream
from incidents.response.models import Incident, IncidentQuerySet, TimelineEntry
from incidents.response.selectors import not_up, upstream
from incidents.response.states import REOPEN_WITHIN, Status
from monitoring.alerts.states import State
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import dependency_edges

STORM = timedelta(minutes=5)
STORM_FROM = 3  # incidents opened within STORM; further services join the first of them


def held() -> IncidentQuerySet:
    return Incident.objects.filter(is_drill=False).select_related("service").select_for_update(of=("self",))


def live_of(service: Service) -> Incident | None:
    return held().live().filter(affected=service).order_by("number").first()


def live_with(alerts: int) -> Incident | None:
    """The live incident of a group of alerts, by the group's id."""
    return held().live().filter(pk__in=_of_group(alerts)).order_by("number").first()


def of_dependency(service: Service) -> Incident | None:
    """The live incident, not over yet, of something the service depends on."""
    above = upstream(service)
    if not above:
        return None
    return held().live().filter(affected__in=above, mitigated_at=None).order_by("number").first()


def just_resolved(key: str, at: datetime) -> Incident | None:
    """The last incident with the key, if the console itself resolved it and it has been up only for a while at `at`."""
    last = held().filter(dedup_key=key).order_by("-number").first()
    if last is None or last.status != Status.RESOLVED or not (last.resolved_by_machine and last.mitigated_at):
        return None
    return last if at - last.mitigated_at <= REOPEN_WITHIN else None


def left_down(service: Service) -> Incident | None:
    """The service's last incident, if a person resolved it before everything was up and it has hurt on since."""
    return _left(held().filter(affected=service).order_by("-number").first())


def left_firing(group: int) -> Incident | None:
    """The same of a group of alerts."""
    return _left(held().filter(pk__in=_of_group(group)).order_by("-number").first())


def _left(last: Incident | None) -> Incident | None:
    if last is None or last.status != Status.RESOLVED or last.mitigated_at != last.resolved_at:
        return None
    resolved = last.timeline.filter(kind="resolved").last()
    return last if resolved and resolved.data.get("still") else None


def _of_group(group: int) -> list[int]:
    rows = Incident.alerts.through.objects.filter(alert__group=group)
    return list(rows.values_list("incident", flat=True).distinct())


def storm(now: datetime) -> Incident | None:
    """The first incident of a storm that is not over yet."""
    rows = list(young(now).order_by("number"))
    hurt = next((row for row in rows if not row.mitigated_at), None)
    return hurt if hurt and (len(rows) >= STORM_FROM or hurt.timeline.filter(kind="storm").exists()) else None


def young(now: datetime) -> IncidentQuerySet:
    """Live incidents that the console opened in the last minutes."""
    return held().live().filter(dedup_key__regex=r"^(service|alerts):", opened_at__gt=now - STORM)


def dependent_incidents(service: Service, now: datetime) -> list[Incident]:
    """What opened a moment ago for services that depend on this one and nobody works on; nothing once a storm was called."""
    rows = list(young(now).filter(status=Status.OPEN, mitigated_at=None))
    ids = downstream(service.pk, dependency_edges()) if rows else set()
    found = [row for row in rows if row.service_id in ids]
    return [] if TimelineEntry.objects.filter(incident__in=found, kind="storm").exists() else found


def is_over(row: Incident) -> bool:
    """Nothing that the incident touches is down, and none of its alerts fires."""
    if row.alerts.filter(state=State.FIRING).exists():
        return False
    return not not_up(list(row.affected.values_list("pk", flat=True)))
