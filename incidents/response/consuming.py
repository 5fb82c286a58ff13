"""What a change of state means for incidents. One change, one transaction.

A failure goes to the live incident of its service; else to that of a service it depends on; else to the one that the console
resolved a moment ago; in a storm to the storm's first; else it opens a new one, which takes in what opened a moment ago for
services that depend on it. Nothing is swallowed: whatever joins stands on the timeline.
"""

from collections.abc import Iterable, Sequence
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
from incidents.response.finding import (
    dependent_incidents,
    is_over,
    just_resolved,
    left_down,
    live_of,
    of_dependency,
    storm,
)
from incidents.response.leaving import left_watch
from incidents.response.models import Incident, PageReason
from incidents.response.opening import incident_open
from incidents.response.paging import page_out
from incidents.response.selectors import signals_of
from incidents.response.states import Severity
from incidents.response.storms import fold, storm_call
from incidents.response.writing import keep, sequence_locked
from monitoring.alerts.muting import Mutes
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import Service, StatusChange, Tier
from monitoring.catalogue.sources import Signal
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words

MOST = 1000  # changes of one sweep
STALE = timedelta(hours=12)  # joining an incident this old is said aloud

_SEVERITY = {Tier.CRITICAL: Severity.P1, Tier.IMPORTANT: Severity.P2, Tier.INTERNAL: Severity.P3}


def waiting(now: datetime) -> list[int]:
    """Ids of the changes that nobody has handled, the oldest first. What is muted waits until it may be told."""
    mutes = Mutes(now)
    rows = StatusChange.objects.filter(handled_at=None).exclude(service__in=mutes.services)
    rows = rows.select_related("service").order_by("pk")
    return [change.pk for change in rows[:MOST] if not (mutes and mutes.of_change(change))]


@transaction.atomic
def change_consume(*, pk: int, now: datetime) -> bool:
    """Handle one change; False when somebody has.

    Its lock admits one consumer, and another waits for it before it takes the next: changes are handled in order, each once.
    """
    rows = StatusChange.objects.filter(pk=pk, handled_at=None).select_related("service")
    change = rows.select_for_update(of=("self",)).first()
    if change is None:
        return False
    if muted := _muted(change):
        _unmuted(muted, now)
        return True
    _handle(change, now)
    if change.new == watched.Status.DOWN and (later := _overtook(change)):
        _handle(later, now)
    change.handled_at = now
    change.save(update_fields=["handled_at"])
    return True


def _muted(change: StatusChange) -> list[StatusChange]:
    """What happened to the source while it was muted, if the change came then."""
    mute = Mutes(change.noticed_at).of_change(change)
    if mute is None:
        return []
    rows = StatusChange.objects.filter(source=change.source, handled_at=None, pk__gte=change.pk)
    rows = rows.filter(noticed_at__lt=mute.ends_at).select_related("service").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _unmuted(changes: Sequence[StatusChange], now: datetime) -> None:
    """Of all that happened meanwhile only what is left of it is told: down before and up now, or up before and down now."""
    first, last = changes[0], changes[-1]
    if first.old != last.new:
        _handle(last, now)
    if row := live_of(first.service):
        for change in changes:
            change_tell(row, change)
        keep(row)
    StatusChange.objects.filter(pk__in=[change.pk for change in changes]).update(handled_at=now)


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
    return severity_seen(service, signals_of([service.pk]) if service.tier == Tier.CRITICAL else [])


def severity_seen(service: Service, signals: Iterable[Signal]) -> Severity:
    """The same by what watches say, which may be what they say of other services too."""
    probes = [s.status for s in signals if s.service_id == service.pk and s.source.startswith("probe:")]
    if service.tier == Tier.CRITICAL and len(probes) > 1 and set(probes) == {watched.Status.DOWN}:
        return Severity.P0
    return severity_by_tier(service)


def severity_by_tier(service: Service) -> Severity:
    return _SEVERITY[Tier(service.tier)]


def _down(change: StatusChange, now: datetime) -> None:
    sequence_locked()  # before any incident, as everywhere
    severity = severity_of(change.service)
    if own := live_of(change.service):
        _again(own, change, severity, now)
    elif cause := of_dependency(change.service):
        because = f"it depends on {cause.service or 'what failed'}"
        incident_join(cause, change, because=because, severity=severity, now=now)
    elif recent := just_resolved(f"service:{change.service_id}", change.at):
        change_tell(recent, change)
        _relapse(recent, change, now)
    elif (children := dependent_incidents(change.service, now)) or not (first := storm(now)):
        row = _open(change, severity, now)
        change_tell(row, change)
        fold(children, row, now)
    else:
        _weather(first, change, severity, now)


def _relapse(row: Incident, change: StatusChange, now: datetime) -> None:
    """Down again: what depends on it and failed a moment before it is part of it, as the first time."""
    children = dependent_incidents(change.service, now)
    incident_relapse(row, change.at, now)
    fold([child for child in children if child.pk != row.pk], row, now)


def _what(change: StatusChange) -> str:
    """A job is never down: it did not come, or it said that it failed."""
    is_job = change.source.startswith("heartbeat:")
    return f"{change.title} {'is late or failed' if is_job else 'is down'}"


def _open(change: StatusChange, severity: Severity, now: datetime) -> Incident:
    return incident_open(
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


def _weather(row: Incident, change: StatusChange, severity: Severity, now: datetime) -> None:
    """One more service of a storm: the first is said aloud, the others are only listed."""
    incident_join(row, change, because="several services fail at once", severity=severity, now=now)
    storm_call(row, f"{change.title} failed too", now)


def _again(row: Incident, change: StatusChange, severity: Severity, now: datetime) -> None:
    """A failure while an incident of the service is live."""
    change_tell(row, change)
    if row.mitigated_at:
        _relapse(row, change, now)
    elif now - row.opened_at > STALE:
        detail = f"It joined {row}, which has been open for {words(now - row.opened_at)}."
        event = f"incident.joined:{row.pk}:{change.pk}"
        page_out(row, PageReason.JOINED, event=event, now=now, what=f"{_what(change)} too", detail=detail)
    incident_raise(row, severity, now, why=_what(change))


def _up(change: StatusChange, now: datetime) -> None:
    if row := live_of(change.service):
        change_tell(row, change)
        if not row.mitigated_at and is_over(row):
            incident_recover(row, min(max(change.at, row.detected_at), now), now)
        else:
            left_watch(row, now)
            keep(row)
    elif left := left_down(change.service):
        change_tell(left, change)
        if is_over(left):
            incident_outlived(left, min(change.at, now), now)


def _paused(change: StatusChange, now: datetime) -> None:
    """Nobody asks it any more, or it is gone. If it was the last to be down, what still watches says that all is up; where
    nothing watches any more, a person has to say so."""
    row = live_of(change.service)
    if row is None:
        return
    change_tell(row, change)
    if not row.mitigated_at and _is_watched(row) and is_over(row):
        incident_recover(row, min(max(change.at, row.detected_at), now), now)
    else:
        keep(row)


def _is_watched(row: Incident) -> bool:
    return bool(signals_of(list(row.affected.values_list("pk", flat=True))))


def _other(change: StatusChange) -> None:
    """Slow, not measured, in maintenance: a line while an incident is live, never a reason to open one."""
    if row := live_of(change.service):
        change_tell(row, change)
        keep(row)
