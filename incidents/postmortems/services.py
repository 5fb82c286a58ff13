"""Writers of postmortems and their actions."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.postmortems.draft import facts_of, summary_of
from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.states import DUE_AFTER, QUESTIONS, TRANSITIONS, may, missing
from incidents.response.models import Incident
from incidents.response.states import Status as IncidentStatus
from incidents.response.writing import tell
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require, team_zone
from opsconsole.lib.periods import midnight
from opsconsole.lib.phrases import listed

ANSWERS = ("summary", "root_cause", *(question.field for question in QUESTIONS))


@transaction.atomic
def postmortem_create(*, actor: Actor, incident: Incident, now: datetime) -> Postmortem:
    """Draft one, unless there is one already. Raises ValidationError for an incident that is not resolved."""
    require(actor, Role.RESPONDER)
    row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    found = Postmortem.objects.filter(incident=row).first()
    if found:
        return found
    if row.status != IncidentStatus.RESOLVED or row.resolved_at is None:
        raise ValidationError(f"{row} is not resolved yet; its postmortem is drafted when it is.")
    due = row.resolved_at + DUE_AFTER
    postmortem = Postmortem.objects.create(
        incident=row,
        required=row.postmortem_required,
        due_at=due,
        remind_at=due,
        summary=summary_of(row),
        created_at=now,
    )
    tell(row, "postmortem", actor, now, due_at=due.isoformat())
    return postmortem


@transaction.atomic
def postmortem_save(
    *, actor: Actor, postmortem: Postmortem, version: int, now: datetime, **answers: str
) -> Postmortem:
    """Write the answers (`ANSWERS`). Raises ValidationError when it is published, or was saved by somebody since `version`."""
    require(actor, Role.RESPONDER)
    row = _locked(postmortem)
    if not may("publish", row.status):
        raise ValidationError("It is published; take it back to draft before you change it.")
    if version != row.version:
        who = row.saved_by or "somebody"
        raise ValidationError(
            f"{who} saved it while you wrote. Your text stands below, theirs is what others see; saving again puts yours in place."
        )
    for field in ANSWERS:
        setattr(row, field, answers[field].strip())
    row.version, row.saved_at, row.saved_by = row.version + 1, now, person(actor)
    row.save()
    return row


@transaction.atomic
def postmortem_publish(*, actor: Actor, postmortem: Postmortem, now: datetime) -> Postmortem:
    """Freeze the facts and show it as finished.

    Raises ValidationError with what is missing, and while the incident is open again: its facts are not all there.
    """
    require(actor, Role.RESPONDER)
    row = _locked(postmortem)
    if not may("publish", row.status):
        return row
    if row.incident.is_live():
        raise ValidationError(f"{row.incident} is open again; publish this when it is resolved.")
    wanted = list(missing(row))
    if wanted:
        raise ValidationError(f"Before it can be published, write {listed(wanted)}.")
    row.status = TRANSITIONS["publish"].target
    row.facts = facts_of(row.incident).as_json()
    row.published_at, row.published_by, row.remind_at = now, person(actor), None
    row.save()
    tell(row.incident, "reviewed", actor, now, root_cause=row.root_cause)
    return row


@transaction.atomic
def postmortem_revise(*, actor: Actor, postmortem: Postmortem, now: datetime) -> Postmortem:
    """Take it back to draft, to correct it; the timeline keeps that it was published."""
    require(actor, Role.RESPONDER)
    row = _locked(postmortem)
    if not may("revise", row.status):
        return row
    row.status, row.facts = TRANSITIONS["revise"].target, None
    row.published_at = row.published_by = None
    row.remind_at = row.due_at if row.due_at > now else None
    row.save()
    tell(row.incident, "revised", actor, now)
    return row


@transaction.atomic
def action_add(
    *, actor: Actor, postmortem: Postmortem, title: str, owner: User, due_on: date, now: datetime
) -> Action:
    """Raises ValidationError for a day that has passed, and for an owner who may not work on it."""
    require(actor, Role.RESPONDER)
    if not owner.may(Role.RESPONDER):
        raise ValidationError({"owner": f"{owner} may only read; choose somebody who may do it."})
    if due_on < now.astimezone(team_zone()).date():
        raise ValidationError({"due_on": "That day has passed; choose one ahead."})
    action = Action.objects.create(
        postmortem=postmortem,
        title=title,
        owner=owner,
        due_on=due_on,
        created_at=now,
        remind_at=_after(due_on),
    )
    tell(postmortem.incident, "action", actor, now, title=title, owner=str(owner), due_on=due_on.isoformat())
    return action


@transaction.atomic
def action_done(*, actor: Actor, action: Action, now: datetime) -> bool:
    """False when it was done already."""
    require(actor, Role.RESPONDER)
    row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if row.done_at:
        return False
    row.done_at, row.done_by, row.remind_at = now, person(actor), None
    row.save()
    tell(row.postmortem.incident, "action_done", actor, now, title=row.title)
    return True


@transaction.atomic
def action_reopen(*, actor: Actor, action: Action, now: datetime) -> bool:
    """Undo `action_done`. Nobody is reminded twice of the same day."""
    require(actor, Role.RESPONDER)
    row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if not row.done_at:
        return False
    row.done_at = row.done_by = None
    row.remind_at = _after(row.due_on)
    row.save()
    tell(row.postmortem.incident, "action_reopened", actor, now, title=row.title)
    return True


def _after(due_on: date) -> datetime:
    """The moment at which a day has passed, in the team's zone."""
    return midnight(due_on + timedelta(days=1), team_zone())


def _locked(postmortem: Postmortem) -> Postmortem:
    rows = Postmortem.objects.select_for_update(of=("self",)).select_related("incident", "saved_by")
    return rows.get(pk=postmortem.pk)
