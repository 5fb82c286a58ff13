"""What people do with a whole run: work on it, hand it over, sign it off."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from maintenance.checklists.models import Run
from maintenance.checklists.states import RunStatus, may_become, needs_person, run_verdict, time_spent
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.outbox.messages import render
from opsconsole.outbox.models import Topic
from opsconsole.outbox.services.deliveries import message_queue


def run_touch(*, actor: Actor, run: Run, now: datetime) -> Run:
    """Lock a run for a person's act and count the time taken; call it in the act's transaction.

    Raises ValidationError when the run is signed off, or was never opened.
    """
    require(actor, Role.RESPONDER)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.signed_at:
        raise ValidationError("This checklist is signed off; its answers stay as they are.")
    if not run.opened_at:
        raise ValidationError(
            "The console was stopped when this was due, so there is nothing to work through."
        )
    run.seconds_spent += time_spent(run.last_touched_at, now)
    run.first_touched_at = run.first_touched_at or now
    run.last_touched_at = now
    run.save(update_fields=["seconds_spent", "first_touched_at", "last_touched_at"])
    return run


@transaction.atomic
def run_hand_over(*, actor: Actor, run: Run, to: User, now: datetime) -> Run:
    """Give the run to somebody, who gets a message. Raises ValidationError for a person who may not work on it."""
    if not to.may(Role.RESPONDER):
        raise ValidationError({"to": f"{to} may only read; choose a responder, a manager or an owner."})
    run = run_touch(actor=actor, run=run, now=now)
    run.handed_to = to
    run.save(update_fields=["handed_to"])
    url = reverse("checklists:run", args=[run.pk])
    message_queue(
        event=f"checklist.handed:{run.pk}:{to.pk}:{now.isoformat()}",
        topic=Topic.CHECKLISTS,
        message=render("checklist_handed", {"run": run, "url": url, "by": actor, "to": to}),
        now=now,
        recipient=to.email,
        about=url,
    )
    return run


@transaction.atomic
def run_sign_off(*, actor: Actor, run: Run, now: datetime) -> Run:
    """Freeze a run with all its answers. A second sign-off finds the first and changes nothing.

    Raises ValidationError naming what still needs a person, PermissionDenied for those whom it does not belong to.
    """
    stored = Run.objects.select_for_update().get(pk=run.pk)
    if stored.signed_at:
        return stored
    _may_sign(actor, stored)
    run = run_touch(actor=actor, run=stored, now=now)
    answers = list(run.answers.all())
    if waiting := [a.question for a in answers if needs_person(a, now)]:
        raise ValidationError(_waiting(waiting))
    assert may_become(run.status, RunStatus.SIGNED)
    run.status, run.verdict = RunStatus.SIGNED, run_verdict(answers, now)
    run.signed_at, run.signed_by = now, person(actor)
    run.save()
    return run


def _may_sign(actor: Actor, run: Run) -> None:
    """Whoever has the template's role, and whom it was handed to."""
    require(actor, Role.RESPONDER)
    owner = Role(run.template.owner_role)
    if run.handed_to_id != actor.pk and not actor.may(owner):
        raise PermissionDenied(
            f"“{run.name}” is signed off by the role {owner.label.lower()}, or whom it is handed to."
        )


def _waiting(questions: list[str]) -> str:
    named = ", ".join(f"“{q}”" for q in questions[:3]) + (" and others" if len(questions) > 3 else "")
    need = "item still needs" if len(questions) == 1 else "items still need"
    return f"{len(questions)} {need} you: {named}."
