"""The draft that writes itself: everything the records know of an incident, as plain data that can be frozen.

Moments are ISO 8601 in UTC and spans are seconds, so that a frozen postmortem reads the same in years.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from incidents.response import timeline
from incidents.response.causes import learnt
from incidents.response.figures import TIMES
from incidents.response.models import Incident
from incidents.response.selectors import signature, similar, upstream
from monitoring.catalogue.models import Service, StatusChange
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.durations import rough
from opsconsole.outbox.models import DeliveryStatus
from opsconsole.ui.templatetags.ui import said

BEFORE = timedelta(hours=2)
MOST = 50  # lines of what changed before; 500 of the timeline
MOST_LINES = 500


@dataclass(frozen=True)
class Facts:
    """What is known, as JSON-able values."""

    times: list[dict[str, Any]]
    told: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    before: list[dict[str, Any]]
    similar: list[dict[str, Any]]
    services: list[str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def facts_of(incident: Incident) -> Facts:
    services = list(incident.affected.all())
    return Facts(
        times=[_time(incident, time) for time in TIMES],
        told=_told(incident),
        timeline=_timeline(incident),
        before=_before(incident, services),
        similar=_similar(incident),
        services=[service.name for service in services],
    )


def _time(incident: Incident, time: Any) -> dict[str, Any]:
    span = time.of(incident)
    return {
        "short": time.short,
        "title": time.title,
        "method": time.method,
        "seconds": span.total_seconds() if span is not None else None,
    }


def _told(incident: Incident) -> list[dict[str, Any]]:
    return [
        {
            "name": page.name,
            "person": str(page.user) if page.user else "",
            "reason": page.get_reason_display(),
            "at": page.created_at.isoformat(),
            "seconds": (page.accepted_at - page.created_at).total_seconds() if page.accepted_at else None,
            "fate": DeliveryStatus(page.outcome).label,
            "error": page.error,
        }
        for page in incident.pages.select_related("user")
    ]


def _timeline(incident: Incident) -> list[dict[str, Any]]:
    return [
        {
            "at": entry.at.isoformat(),
            "text": timeline.plain(entry),
            "body": entry.body,
            "tone": timeline.tone(entry),
        }
        for entry in incident.timeline.all()[:MOST_LINES]
    ]


def _before(incident: Incident, services: list[Service]) -> list[dict[str, Any]]:
    """Changes of state in the two hours before, the nearest first; those of what it depends on are marked."""
    start = incident.impact_start
    changes = StatusChange.objects.filter(
        service__in=Service.objects.values("pk"), at__gte=start - BEFORE, at__lt=start
    )
    above = upstream(*services)
    return [
        {
            "at": change.at.isoformat(),
            "text": f"{change.title}: {change.get_old_display().lower()} → {change.get_new_display().lower()}",
            "reason": change.reason[:300],
            "needed": change.service_id in above,
        }
        for change in changes.order_by("-at", "-id")[:MOST]
    ]


def _similar(incident: Incident) -> list[dict[str, Any]]:
    found = similar(incident, limit=5)
    reasons: dict[int, str] = {}
    for read in learnt:
        reasons |= read([i.pk for i in found])
    return [
        {
            "number": i.number,
            "name": str(i),
            "title": i.title,
            "at": i.detected_at.isoformat(),
            "seconds": (i.resolved_at - i.detected_at).total_seconds() if i.resolved_at else None,
            "root_cause": reasons.get(i.pk, ""),
        }
        for i in found
    ]


def summary_of(incident: Incident) -> str:
    """“Checkout is down”, how long, when, how it was noticed and ended: the sentence that a person then improves."""
    over = incident.mitigated_at or incident.resolved_at or incident.detected_at
    with timezone.override(team_zone()):
        start, end = timezone.localtime(incident.impact_start), timezone.localtime(over)
        day = f"{start.day} {start:%B %Y}"
        when = f"on {day} from {said(start, 'bare')} to {said(end, 'time')}"
    lasted = rough(over - incident.impact_start)
    first = f"{incident.title} ({incident.get_severity_display()}): {lasted}, {when}."
    return " ".join([first, *_acknowledged(incident), _ended(incident)])


def _acknowledged(incident: Incident) -> list[str]:
    if incident.resolved_by_machine or not incident.acknowledged_at:
        return ["Nobody had acknowledged before it was over."]
    who = signature(incident, "acknowledged") or signature(incident, "resolved")
    return [
        f"{who} had it {rough(incident.acknowledged_at - incident.detected_at)} after the first evidence."
    ]


def _ended(incident: Incident) -> str:
    if not incident.resolved_at:
        return "It is not resolved yet."
    who = "the console" if incident.resolved_by_machine else signature(incident, "resolved")
    return f"It was resolved by {who} {rough(incident.resolved_at - incident.detected_at)} after it."


def moments(facts: dict[str, Any]) -> dict[str, Any]:
    """The same facts for a page: ISO moments become datetimes."""
    return {name: [_moments(row) for row in rows] for name, rows in facts.items()}


def _moments(row: Any) -> Any:
    if not isinstance(row, dict) or "at" not in row:
        return row
    return row | {"at": datetime.fromisoformat(row["at"])}
