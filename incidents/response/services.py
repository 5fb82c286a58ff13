"""What people do with an incident that is open (it begins in opening.py). Each act is one transaction: the row, its timeline and its messages together.

An act that finds nothing left to do changes nothing and says so; two people pressing at once make one transition.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.response.models import Incident, Page, PageReason
from incidents.response.paging import acknowledged_out, page_out
from incidents.response.selectors import not_up, policy_of, root_of
from incidents.response.sentences import already, resolved
from incidents.response.states import TRANSITIONS, Severity, may
from incidents.response.writing import aim_anew, graded, keep, locked, tell
from monitoring.alerts.states import State
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import SYSTEM, Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib.nudges import nudge

UNSEEN_AT_MOST = timedelta(days=90)  # that something hurt before anybody noticed; more is a slip of the pen
REVIEW = "postmortems.create_missing"
ANSWERS = "checklists.refresh"  # an open checklist must not go on calling fine what has just failed


@dataclass(frozen=True)
class Done:
    """changed: whether this call did it; sentence: what to tell the person who asked."""

    changed: bool
    sentence: str


@transaction.atomic
def incident_acknowledge(
    *, actor: Actor, incident: Incident, now: datetime, page: Page | None = None, there: str = ""
) -> Done:
    """Somebody has it in hand; without an assignee they become it. `page` is the message whose link they opened; `there` is
    what was acknowledged, if that was done where it came from."""
    require(actor, TRANSITIONS["acknowledge"].role)
    row = locked(incident)
    if not may("acknowledge", row.status):
        return Done(False, already(row, now))
    row.status = TRANSITIONS["acknowledge"].target
    row.acknowledged_at, row.acknowledged_by = now, person(actor)
    row.assignee = row.assignee or person(actor)
    _updated(row, now)
    tell(row, "acknowledged", actor, now, via=page.name if page else "", there=there)
    if page:
        Page.objects.filter(pk=page.pk, acknowledged_at=None).update(acknowledged_at=now)
    keep(row)
    acknowledged_out(row, by=actor, now=now)
    return Done(True, f"{row} is yours.")


@transaction.atomic
def incident_assign(*, actor: Actor, incident: Incident, to: User | None, now: datetime) -> Done:
    """Raises ValidationError for a person who may not work on it."""
    require(actor, Role.RESPONDER)
    if to and not to.may(Role.RESPONDER):
        raise ValidationError({"to": f"{to} may not work on incidents; choose somebody who may."})
    row = locked(incident)
    if not row.is_live() or row.assignee == to:
        return Done(
            False, already(row, now) if not row.is_live() else f"{row} is with {to or 'nobody'} already."
        )
    row.assignee = to
    tell(row, "assigned", actor, now, to=str(to) if to else "")
    keep(row)
    return Done(True, f"{row} is with {to or 'nobody'} now.")


@transaction.atomic
def incident_note(*, actor: Actor, incident: Incident, text: str, now: datetime) -> Done:
    """What somebody saw or tried (Markdown). It counts as an update. Raises ValidationError when it is empty."""
    require(actor, Role.RESPONDER)
    if not text.strip():
        raise ValidationError({"text": "Write what you saw or tried."})
    row = _root_locked(incident)
    _updated(row, now)
    tell(row, "note", actor, now, body=text.strip()[:10_000])
    keep(row)
    return Done(True, "Noted.")


@transaction.atomic
def incident_severity_change(
    *, actor: Actor, incident: Incident, severity: int, now: datetime, why: str = ""
) -> Done:
    """Set new targets by the policy of the new severity; raising it tells everybody. Raises ValidationError for what is none."""
    require(actor, Role.RESPONDER)
    row = locked(incident)
    old, new = Severity(row.severity), graded(severity)
    if not row.is_live() or old == new:
        return Done(False, already(row, now) if not row.is_live() else f"{row} is {new.label} already.")
    row.severity = new
    aim_anew(row, policy_of(new), now, worse=new < old)
    tell(row, "severity", actor, now, old=old.label, new=new.label, why=why[:300])
    keep(row)
    if new < old:
        event = f"incident.escalated:{row.pk}:{new.label}:{int(now.timestamp())}"
        page_out(row, PageReason.ESCALATED, event=event, now=now, old=old.label, why=why)
    return Done(True, f"{row} is {new.label} now.")


@transaction.atomic
def incident_escalate(
    *, actor: Actor, incident: Incident, severity: int, now: datetime, why: str = ""
) -> Done:
    """Raise it to a severity, and never lower it: pressed twice, or on an old page, it is raised once."""
    wanted = min(severity, locked(incident).severity)
    return incident_severity_change(actor=actor, incident=incident, severity=wanted, now=now, why=why)


@transaction.atomic
def incident_mitigate(*, actor: Actor, incident: Incident, now: datetime) -> Done:
    """The impact is over, though work may go on."""
    require(actor, Role.RESPONDER)
    row = locked(incident)
    if not row.is_live() or row.mitigated_at:
        return Done(False, "Its impact is over already." if row.mitigated_at else already(row, now))
    row.mitigated_at = now
    tell(row, "mitigated", actor, now)
    keep(row)
    return Done(True, "The impact is over.")


@transaction.atomic
def incident_resolve(*, actor: Actor, incident: Incident, now: datetime, note: str = "") -> Done:
    """Close it. When the console resolves what nobody acknowledged, the row says so, and figures count it apart."""
    require(actor, TRANSITIONS["resolve"].role)
    row = locked(incident)
    if not may("resolve", row.status):
        return Done(False, already(row, now))
    if note.strip():
        tell(row, "note", actor, now, body=note.strip()[:10_000])
    row.status = TRANSITIONS["resolve"].target
    row.resolved_at, row.resolved_by = now, person(actor)
    row.resolved_by_machine = actor is SYSTEM
    if actor is not SYSTEM and not row.acknowledged_at:
        row.acknowledged_at, row.acknowledged_by = now, person(actor)
    still = _still(row) if not row.mitigated_at else []
    row.mitigated_at, row.calm_at = row.mitigated_at or now, None
    tell(row, "resolved", actor, now, still=still)
    keep(row)
    event = f"incident.resolved:{row.pk}:{int(now.timestamp())}"
    lasted = now - row.impact_start
    page_out(
        row, PageReason.RESOLVED, event=event, now=now, by=str(actor), machine=actor is SYSTEM, lasted=lasted
    )
    nudge(REVIEW)
    nudge(ANSWERS)
    return Done(True, resolved(row, still))


@transaction.atomic
def incident_merge(*, actor: Actor, incident: Incident, into: Incident, now: datetime) -> Done:
    """Make it part of another live incident. Raises ValidationError when that one is itself, not live, or only one is a drill."""
    require(actor, TRANSITIONS["merge"].role)
    first, second = sorted((incident, into), key=lambda i: i.pk)
    rows = {row.pk: row for row in (locked(first), locked(second))}
    row, target = rows[incident.pk], rows[into.pk]
    if not may("merge", row.status):
        return Done(False, already(row, now))
    if row.pk == target.pk or not target.is_live():
        raise ValidationError(
            {"into": f"{row} can only be merged into another incident that is not resolved."}
        )
    if row.is_drill != target.is_drill:  # figures leave drills out, and with them would go what really failed
        raise ValidationError({"into": "A drill and a real incident stay apart; resolve the drill."})
    row.status, row.merged_into = TRANSITIONS["merge"].target, target
    target.affected.add(*row.affected.all())
    target.alerts.add(*row.alerts.all())
    tell(row, "merged", actor, now, into=str(target))
    tell(target, "absorbed", actor, now, other=str(row), title=row.title)
    keep(row)
    _hurt_together(target, row, now)
    keep(target)
    if row.severity < target.severity:
        incident_severity_change(
            actor=actor, incident=target, severity=row.severity, now=now, why=f"{row} was {row.get_severity_display()}"
        )  # fmt: skip
    return Done(True, f"{row} is part of {target} now.")


@transaction.atomic
def incident_impact_set(*, actor: Actor, incident: Incident, start: datetime, now: datetime) -> Done:
    """When it really began to hurt. Raises ValidationError for a moment after the detection, or long before it."""
    require(actor, Role.RESPONDER)
    row = locked(incident)
    if start > row.detected_at:
        raise ValidationError({"start": "The impact cannot begin after it was detected."})
    if start < row.detected_at - UNSEEN_AT_MOST:
        raise ValidationError(
            {"start": "That is more than 90 days before it was detected. Look at the date."}
        )
    old, row.impact_start = row.impact_start, start
    tell(row, "impact", actor, now, old_at=old.isoformat(), new_at=start.isoformat())
    keep(row)
    nudge(REVIEW)
    return Done(True, "The start of the impact is set.")


def _hurt_together(target: Incident, row: Incident, now: datetime) -> None:
    """They began when the first of them did, and are over when the last is: not at all while one still hurts."""
    target.impact_start = min(target.impact_start, row.impact_start)
    target.detected_at = min(target.detected_at, row.detected_at)
    if target.mitigated_at and row.mitigated_at:
        target.mitigated_at = max(target.mitigated_at, row.mitigated_at)
    elif target.mitigated_at:
        target.mitigated_at = target.calm_at = None
        _updated(target, now)


def _root_locked(incident: Incident) -> Incident:
    """The incident in which the work goes on. Of what was merged into it nothing is held: a merge locks in the order of ids,
    and whoever holds one row and wants the other the other way round would block it."""
    row = locked(root_of(Incident.objects.get(pk=incident.pk)))
    return locked(root_of(row)) if row.merged_into else row  # merged while we waited


def _updated(incident: Incident, now: datetime) -> None:
    incident.update_due_at = now + timedelta(minutes=incident.update_minutes)


def _still(incident: Incident) -> list[str]:
    """What goes on hurting: what is not up, and what fires."""
    services = list(incident.affected.values_list("pk", flat=True))
    fires = incident.alerts.filter(state=State.FIRING).order_by("pk").values_list("title", flat=True)
    return [signal.title for signal in not_up(services)] + list(fires[:20])
