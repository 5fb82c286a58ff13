"""What news of alerts means for incidents. One notice, one transaction, and for a person one message, however many alerts.

What fires goes to the live incident of its group; else to that of its service, or of one that the service depends on; else to
the one that the console resolved a moment ago; in a storm to the storm's first; else it opens a new one. It is over when all
of its alerts are, and nothing that it touches is down.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from incidents.response.bearers import Elsewhere
from incidents.response.consuming import STALE, severity_by_tier
from incidents.response.evidence import (
    incident_outlived,
    incident_raise,
    incident_recover,
    incident_relapse,
)
from incidents.response.finding import (
    dependent_incidents,
    is_over,
    just_resolved,
    left_firing,
    live_of,
    live_with,
    of_dependency,
    storm,
)
from incidents.response.leaving import left_watch
from incidents.response.models import Incident, PageReason
from incidents.response.opening import incident_open
from incidents.response.paging import page_out
from incidents.response.services import incident_acknowledge
from incidents.response.states import Severity, Status
from incidents.response.storms import fold, storm_call
from incidents.response.writing import keep, sequence_locked, tell
from monitoring.alerts.episodes import CALM
from monitoring.alerts.models import Alert, Group, Line, Notice
from monitoring.alerts.states import Kind, News
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words
from opsconsole.lib.secrets import digest

LISTED = 20  # alerts of a notice that stand one by one in the timeline and in messages


def notices_waiting() -> list[int]:
    """Ids of the notices that nobody has handled, the oldest first."""
    return list(Notice.objects.filter(handled_at=None).order_by("pk").values_list("pk", flat=True)[:1000])


@transaction.atomic
def notice_consume(*, pk: int, now: datetime) -> bool:
    """Handle one notice; False when somebody has. Its lock admits one consumer, and another waits for it."""
    rows = Notice.objects.filter(pk=pk, handled_at=None).select_related("group__service")
    notice = rows.select_for_update(of=("self",)).first()
    if notice is None:
        return False
    lines = list(notice.lines.select_related("alert__service"))
    match notice.news:
        case News.FIRST | News.MORE | News.FLAPS:
            _fires(notice, lines, now)
        case News.CALM:
            _calms(notice, lines, now)
        case News.TAKEN:
            _taken(live_with(notice.group_id), notice.group, [line.alert for line in lines], now)
        case News.AGAIN:
            _again(notice, now)
        case _:
            _less(notice, lines, now)
    notice.handled_at = now
    notice.save(update_fields=["handled_at"])
    return True


def _fires(notice: Notice, lines: Sequence[Line], now: datetime) -> None:
    sequence_locked()  # before any incident, as everywhere
    group, fresh = notice.group, [line.alert for line in lines if line.firing]
    severity, since = _severity(group, fresh), min(now, *(alert.starts_at for alert in fresh))
    stormy = False
    if (own := live_with(group.pk)) or (group.service and (own := live_of(group.service))):
        _joins(own, notice, fresh, now)
    elif group.service and (cause := of_dependency(group.service)):
        own = cause
        tell(own, "joined", SYSTEM, now, title=group.title, because=f"it depends on {cause.service or 'what failed'}")  # fmt: skip
    elif own := just_resolved(_key(group), since):
        incident_relapse(own, since, now, flaps=notice.news == News.FLAPS)
    elif own := storm(now):
        tell(own, "joined", SYSTEM, now, title=group.title, because="several things fail at once")
        stormy = True
    else:
        own = _open(group, fresh, severity, since, now)
        fold(dependent_incidents(group.service, now) if group.service else [], own, now)
    _take_in(own, group, lines)
    keep(own)
    incident_raise(own, severity, now, why=_what(group, fresh))
    if stormy:
        storm_call(own, f"{_what(group, fresh)} too", now)
    _taken(own, group, fresh, now)


def _taken(row: Incident | None, group: Group, alerts: Sequence[Alert], now: datetime) -> None:
    """What was acknowledged where it came from is in hand here too, unless it only joined the incident of something else."""
    for alert in alerts:
        if row and alert.acknowledged_at:
            said = alert.changes.filter(kind=Kind.ACKNOWLEDGED).last()
            actor = Elsewhere(alert.origin.name, said.note if said else "")
            if row.dedup_key == _key(group):
                incident_acknowledge(actor=actor, incident=row, now=now, there=alert.title)
            else:
                tell(row, "taken", actor, now, key=f"taken:{alert.pk}", title=alert.title)


def _severity(group: Group, alerts: Sequence[Alert]) -> Severity:
    """The worst that the alerts say; by the tiers of their services where they say nothing."""
    said = [alert.severity for alert in alerts if alert.severity is not None]
    if said:
        return Severity(min(said))
    return min(map(severity_by_tier, _services(group, alerts)), default=Severity.P2)


def _services(group: Group, alerts: Sequence[Alert]) -> set[Service]:
    """What the group is of, or where that is nothing, what its alerts are of."""
    return {group.service} if group.service else {alert.service for alert in alerts if alert.service}


def _key(group: Group) -> str:
    key = group.key if len(group.key) <= 72 else digest(group.key)
    return f"service:{group.service_id}" if group.service_id else f"alerts:{key}"


def _what(group: Group, alerts: Sequence[Alert]) -> str:
    """“Disk full”, “12 alerts: Checkout”; of what flaps alone “Disk full goes on and off”."""
    one = len(alerts) == 1
    what = alerts[0].title if one else f"{len(alerts):,} alerts: {group.title}"
    flaps = bool(alerts) and all(alert.is_flapping() for alert in alerts)
    return f"{what} {'goes' if one else 'go'} on and off" if flaps else what


def _names(alerts: Sequence[Alert]) -> str:
    """One a line, and how many more there are."""
    named = [alert.title for alert in alerts[:LISTED]]
    left = len(alerts) - len(named)
    return "\n".join(named + [f"and {left:,} more"] * bool(left))


def _open(
    group: Group, alerts: Sequence[Alert], severity: Severity, since: datetime, now: datetime
) -> Incident:
    one = alerts[0].annotations.get("summary") or alerts[0].annotations.get("description") or ""
    return incident_open(
        actor=SYSTEM,
        title=_what(group, alerts),
        severity=severity,
        service=group.service,
        source=alerts[0].source,
        dedup_key=_key(group),
        description=str(one)[:2000] if len(alerts) == 1 else _names(alerts),
        detected_at=since,
        now=now,
    )


def _joins(row: Incident, notice: Notice, fresh: Sequence[Alert], now: datetime) -> None:
    """More alerts while an incident is live: said aloud if they are news of a group that was told, or join something old."""
    flaps, what = notice.news == News.FLAPS, _what(notice.group, fresh)
    if row.mitigated_at:
        incident_relapse(row, min(alert.starts_at for alert in fresh), now, flaps=flaps)
    elif flaps:
        _page(row, notice, what, HELD, now)
    elif notice.news == News.MORE or now - row.opened_at > STALE:
        detail = _names(fresh) if len(fresh) > 1 else f"It has been open for {words(now - row.opened_at)}."
        _page(row, notice, f"{what} too", detail, now)


HELD = f"Its changes are held until it has not changed for {words(CALM)}."


def _page(row: Incident, notice: Notice, what: str, detail: str, now: datetime) -> None:
    event = f"incident.alerts:{row.pk}:{notice.pk}"
    page_out(row, PageReason.JOINED, event=event, now=now, what=what, detail=detail)


def _calms(notice: Notice, lines: Sequence[Line], now: datetime) -> None:
    """What went on and off fires, and is believed to."""
    fires = [line.alert for line in lines if line.firing]
    row = live_with(notice.group_id)
    if known := row or left_firing(notice.group_id):
        _tell(known, lines)
        keep(known)
    if row:
        detail = f"It went on and off, and has not changed for {words(CALM)}."
        _page(row, notice, f"{_what(notice.group, fires)}: calm again, and it fires", detail, now)


def _take_in(row: Incident, group: Group, lines: Sequence[Line]) -> None:
    """The alerts become part of the incident: each is a line of its timeline, as far as a person can read them."""
    row.alerts.add(*(line.alert for line in lines))
    row.affected.add(*_services(group, [line.alert for line in lines]))
    _tell(row, lines)


def _tell(row: Incident, lines: Sequence[Line]) -> None:
    for line in lines[:LISTED]:
        alert = line.alert
        at = alert.starts_at if line.firing else alert.ends_at or alert.last_seen_at
        reason = str(alert.annotations.get("summary", ""))[:300] if line.firing else ""
        url = reverse("alerts:detail", args=[alert.pk])
        tell(row, "alert", SYSTEM, at, key=f"alert:{line.pk}", title=alert.title, firing=line.firing, flaps=line.flaps, reason=reason, url=url)  # fmt: skip
    if left := lines[LISTED:]:
        notice, url = left[0].notice, reverse("alerts:group", args=[left[0].notice.group_id])
        firing = left[0].firing
        tell(
            row,
            "alerts",
            SYSTEM,
            notice.at,
            key=f"alerts:{notice.pk}",
            count=len(left),
            firing=firing,
            url=url,
        )


def _less(notice: Notice, lines: Sequence[Line], now: datetime) -> None:
    group, ends = notice.group, [line.alert.ends_at for line in lines if line.alert.ends_at]
    at = max([end for end in ends if end <= now], default=now)
    if row := live_with(group.pk):
        _tell(row, lines)
        if not row.mitigated_at and is_over(row):
            incident_recover(row, max(at, row.detected_at), now)
        else:
            left_watch(row, now)
            keep(row)
    elif left := left_firing(group.pk):
        _tell(left, lines)
        if is_over(left):
            incident_outlived(left, at, now)


def _again(notice: Notice, now: datetime) -> None:
    """What still fires is said again while nobody has it in hand."""
    row = live_with(notice.group_id)
    if row and row.status == Status.OPEN and not row.mitigated_at:
        event = f"incident.repeat:{row.pk}:{notice.pk}"
        detail = f"It has been open for {words(now - row.opened_at)}, and nobody has acknowledged."
        page_out(row, PageReason.REMINDER, event=event, now=now, what="Still firing", detail=detail)
