"""How an incident begins, and begins anew: the number, the clocks, and everybody told, in one transaction."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator

from incidents.response.dependents import dependents_of
from incidents.response.models import Incident, PageReason
from incidents.response.paging import page_out, pages_hold
from incidents.response.selectors import policy_of
from incidents.response.sentences import already
from incidents.response.services import ANSWERS, Done, incident_severity_change
from incidents.response.states import TRANSITIONS, may
from incidents.response.writing import aim, graded, keep, locked, number_next, sequence_locked, tell
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import SYSTEM, Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.nudges import nudge


@transaction.atomic
def incident_open(
    *,
    actor: Actor,
    title: str,
    severity: int,
    now: datetime,
    service: Service | None = None,
    source: str = "",
    description: str = "",
    detected_at: datetime | None = None,
    dedup_key: str | None = None,
    is_drill: bool = False,
) -> Incident:
    """Open an incident and tell everybody; while one with the same key is live, join that instead.

    `dedup_key` is `source` unless given. `detected_at` is the first failing evidence, `now` unless given.
    Raises ValidationError without a title, and for what is no severity.
    """
    require(actor, Role.RESPONDER)
    if not title.strip():
        raise ValidationError({"title": "Say in a few words what is wrong."})
    level = graded(severity)
    sequence = sequence_locked()  # its lock also keeps two reports of one failure from opening two incidents
    key = source if dedup_key is None else dedup_key
    if same := _live_with(key):
        return _join(actor, locked(same), title, level, now)
    incident = Incident(
        number=number_next(sequence),
        title=title[:160],
        description=description,
        severity=level,
        service=service,
        source=source,
        dedup_key=key,
        is_drill=is_drill,
    )
    _begin(incident, detected_at or now, now)
    _say_open(incident, actor, now)
    return incident


def _begin(incident: Incident, since: datetime, now: datetime) -> None:
    """Its moments and its targets; what it touches so far."""
    incident.impact_start = incident.detected_at = since
    incident.opened_at = now
    aim(incident, policy_of(incident.severity))
    keep(incident)
    if incident.service:
        incident.affected.add(incident.service)


def _say_open(incident: Incident, actor: Actor, now: datetime) -> None:
    """On the timeline, to everybody who listens, and to open checklists."""
    # What the console saw stands on the timeline already, as a change of state.
    why = "" if actor is SYSTEM else Truncator(incident.description).chars(300)
    level, drill = incident.get_severity_display(), incident.is_drill
    tell(incident, "opened", actor, now, severity=level, why=why, drill=drill)
    event, silent = f"incident.opened:{incident.pk}", dependents_of(incident.service)
    page_out(incident, PageReason.OPENED, event=event, now=now, dependents=silent)
    if actor is SYSTEM:
        pages_hold(incident, now)
    nudge(ANSWERS)


def _join(actor: Actor, row: Incident, title: str, severity: int, now: datetime) -> Incident:
    tell(row, "again", actor, now, title=title)
    keep(row)
    if severity < row.severity:
        incident_severity_change(actor=actor, incident=row, severity=severity, now=now)
    return row


def _live_with(key: str) -> Incident | None:
    """The live incident for the same thing, if there is one."""
    return Incident.objects.live().filter(dedup_key=key).exclude(dedup_key="").first()


@transaction.atomic
def incident_reopen(*, actor: Actor, incident: Incident, now: datetime) -> Done:
    """Start another round: everybody is told again, and the clocks run anew.

    Raises ValidationError when another incident is live for the same thing.
    """
    require(actor, TRANSITIONS["reopen"].role)
    sequence_locked()
    row = locked(incident)
    if not may("reopen", row.status):
        return Done(False, already(row, now))
    if other := _live_with(row.dedup_key):
        raise ValidationError(f"{other} is open for the same thing; work there.")
    begin_anew(row, now)
    tell(row, "reopened", actor, now)
    keep(row)
    event = f"incident.reopened:{row.pk}:{int(now.timestamp())}"
    page_out(row, PageReason.RELAPSED, event=event, now=now, what="Open again")
    return Done(True, f"{row} is open again.")


def begin_anew(row: Incident, now: datetime) -> None:
    """Another round of a resolved incident, which the caller has locked and will save."""
    if not may("reopen", row.status):
        raise ValueError(already(row, now))
    row.status, row.resolved_by_machine = TRANSITIONS["reopen"].target, False
    row.resolved_at = row.resolved_by = None
    row.acknowledged_at = row.acknowledged_by = row.mitigated_at = row.calm_at = row.paged_at = None
    row.opened_at = now
    aim(row, policy_of(row.severity))
    nudge(ANSWERS)
