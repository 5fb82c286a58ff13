"""What a change of state means for incidents. One change, one transaction.

A failure goes to the live incident of its service; else to that of a service it depends on; else to the one that the console
resolved a moment ago; in a storm to the storm's first; else it opens a new one. Nothing is swallowed: whatever joins stands
on the timeline.
"""

from datetime import datetime, timedelta

from django.db import transaction

from incidents.response.evidence import (
    change_tell,
    incident_join,
    incident_outlived,
    incident_raise,
    incident_recover,
    incident_relapse,
)
from incidents.response.models import Incident, IncidentQuerySet, PageReason
from incidents.response.opening import incident_open
from incidents.response.paging import page_out
from incidents.response.selectors import not_up, signals_of, upstream
from incidents.response.states import REOPEN_WITHIN, Severity, Status
from incidents.response.writing import keep, sequence_locked
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import Service, StatusChange, Tier
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words

STORM = timedelta(minutes=5)
STORM_FROM = 3  # incidents opened within STORM; further services join the first of them
STALE = timedelta(hours=12)  # joining an incident this old is said aloud

_SEVERITY = {Tier.CRITICAL: Severity.P1, Tier.IMPORTANT: Severity.P2, Tier.INTERNAL: Severity.P3}


def waiting() -> list[int]:
    """Ids of the changes that nobody has handled, the oldest first."""
    return list(
        StatusChange.objects.filter(handled_at=None).order_by("pk").values_list("pk", flat=True)[:1000]
    )


@transaction.atomic
def change_consume(*, pk: int, now: datetime) -> bool:
    """Handle one change; False when somebody has.

    Its lock admits one consumer, and another waits for it before it takes the next: changes are handled in order, each once.
    """
    rows = StatusChange.objects.filter(pk=pk, handled_at=None).select_related("service")
    change = rows.select_for_update(of=("self",)).first()
    if change is None:
        return False
    _handle(change, now)
    if change.new == watched.Status.DOWN and (later := _overtook(change)):
        _handle(later, now)
    change.handled_at = now
    change.save(update_fields=["handled_at"])
    return True


def _overtook(change: StatusChange) -> StatusChange | None:
    """The end of a failure, where that was handled before the failure itself could be."""
    later = StatusChange.objects.filter(source=change.source, pk__gt=change.pk, handled_at__isnull=False)
    last = later.select_related("service").order_by("-pk").first()
    return last if last and last.new in (watched.Status.UP, watched.Status.PAUSED) else None


def _handle(change: StatusChange, now: datetime) -> None:
    match change.new:
        case watched.Status.DOWN:
            _down(change, now)
        case watched.Status.UP:
            _up(change, now)
        case watched.Status.PAUSED:
            _paused(change, now)
        case _:
            _other(change)


def severity_of(service: Service) -> Severity:
    """By tier; P0 when a critical service has several probes and all of them are down."""
    probes = [s.status for s in signals_of([service.pk]) if s.source.startswith("probe:")]
    if service.tier == Tier.CRITICAL and len(probes) > 1 and set(probes) == {watched.Status.DOWN}:
        return Severity.P0
    return _SEVERITY[Tier(service.tier)]


def _down(change: StatusChange, now: datetime) -> None:
    sequence_locked()  # before any incident, as everywhere
    severity = severity_of(change.service)
    if own := _live_of(change.service):
        _again(own, change, severity, now)
    elif cause := _of_dependency(change.service):
        because = f"it depends on {cause.service or 'what failed'}"
        incident_join(cause, change, because=because, severity=severity, now=now)
    elif recent := _just_resolved(change):
        change_tell(recent, change)
        incident_relapse(recent, change.at, now)
    elif storm := _storm(now):
        _weather(storm, change, severity, now)
    else:
        _open(change, severity, now)


def _what(change: StatusChange) -> str:
    """A job is never down: it did not come, or it said that it failed."""
    is_job = change.source.startswith("heartbeat:")
    return f"{change.title} {'is late or failed' if is_job else 'is down'}"


def _open(change: StatusChange, severity: Severity, now: datetime) -> None:
    incident = incident_open(
        actor=SYSTEM,
        title=_what(change),
        severity=severity,
        service=change.service,
        source=change.source,
        dedup_key=f"service:{change.service_id}",
        description=change.reason,
        detected_at=min(change.at, now),
        now=now,
    )
    change_tell(incident, change)


def _weather(row: Incident, change: StatusChange, severity: Severity, now: datetime) -> None:
    """One more service of a storm: the first is said aloud, the others are only listed."""
    incident_join(row, change, because="several services fail at once", severity=severity, now=now)
    what, detail = "Several services fail", f"{change.title} failed too; all are listed on its page."
    page_out(row, PageReason.JOINED, event=f"incident.storm:{row.pk}", now=now, what=what, detail=detail)


def _again(row: Incident, change: StatusChange, severity: Severity, now: datetime) -> None:
    """A failure while an incident of the service is live."""
    change_tell(row, change)
    if row.mitigated_at:
        incident_relapse(row, change.at, now)
    elif now - row.opened_at > STALE:
        detail = f"It joined {row}, which has been open for {words(now - row.opened_at)}."
        event = f"incident.joined:{row.pk}:{change.pk}"
        page_out(row, PageReason.JOINED, event=event, now=now, what=f"{_what(change)} too", detail=detail)
    incident_raise(row, severity, now, why=_what(change))


def _up(change: StatusChange, now: datetime) -> None:
    if row := _live_of(change.service):
        change_tell(row, change)
        if not row.mitigated_at and _is_over(row):
            incident_recover(row, min(max(change.at, row.detected_at), now), now)
        else:
            keep(row)
    elif left := _left_down(change.service):
        change_tell(left, change)
        if _is_over(left):
            incident_outlived(left, min(change.at, now), now)


def _is_over(row: Incident) -> bool:
    return not not_up(list(row.affected.values_list("pk", flat=True)))


def _paused(change: StatusChange, now: datetime) -> None:
    """Nobody asks it any more, or it is gone. If it was the last to be down, what still watches says that all is up; where
    nothing watches any more, a person has to say so."""
    row = _live_of(change.service)
    if row is None:
        return
    change_tell(row, change)
    if not row.mitigated_at and _is_watched(row) and _is_over(row):
        incident_recover(row, min(max(change.at, row.detected_at), now), now)
    else:
        keep(row)


def _is_watched(row: Incident) -> bool:
    return bool(signals_of(list(row.affected.values_list("pk", flat=True))))


def _other(change: StatusChange) -> None:
    """Slow, not measured, in maintenance: a line while an incident is live, never a reason to open one."""
    if row := _live_of(change.service):
        change_tell(row, change)
        keep(row)


def _live_of(service: Service) -> Incident | None:
    return _held().live().filter(affected=service).order_by("number").first()


def _of_dependency(service: Service) -> Incident | None:
    """The live incident, not over yet, of something the service depends on."""
    above = upstream(service)
    if not above:
        return None
    return _held().live().filter(affected__in=above, mitigated_at=None).order_by("number").first()


def _just_resolved(change: StatusChange) -> Incident | None:
    """The service's last incident, if the console itself resolved it and it has been up only for a while."""
    last = _held().filter(dedup_key=f"service:{change.service_id}").order_by("-number").first()
    if last is None or last.status != Status.RESOLVED or not (last.resolved_by_machine and last.mitigated_at):
        return None
    return last if change.at - last.mitigated_at <= REOPEN_WITHIN else None


def _left_down(service: Service) -> Incident | None:
    """The service's last incident, if a person resolved it before everything was up and it has hurt on since."""
    last = _held().filter(affected=service).order_by("-number").first()
    if last is None or last.status != Status.RESOLVED or last.mitigated_at != last.resolved_at:
        return None
    resolved = last.timeline.filter(kind="resolved").last()
    return last if resolved and resolved.data.get("still") else None


def _storm(now: datetime) -> Incident | None:
    """The first incident of a storm that is not over yet."""
    young = _held().live().filter(dedup_key__startswith="service:", opened_at__gt=now - STORM)
    rows = list(young.order_by("number"))
    return next((row for row in rows if not row.mitigated_at), None) if len(rows) >= STORM_FROM else None


def _held() -> IncidentQuerySet:
    return Incident.objects.filter(is_drill=False).select_related("service").select_for_update(of=("self",))
