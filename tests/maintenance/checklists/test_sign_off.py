"""Signing a run off, late or in time, and handing it over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maintenance.checklists.services.answers import item_done, item_skip
from maintenance.checklists.services.runs import run_hand_over, run_sign_off
from maintenance.checklists.states import RunStatus
from opsconsole.accounts.roles import Role
from opsconsole.measures.verdicts import Verdict
from opsconsole.outbox.models import Delivery
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def run(team, now):
    run = make.run(due_at=now)
    make.found(run)
    return run


def test_it_signs_an_all_green_run_at_once(run, responder, now):
    signed = run_sign_off(actor=responder, run=run, now=now)
    assert (signed.status, signed.verdict, signed.signed_by) == (RunStatus.SIGNED, Verdict.OK, responder)
    assert not signed.is_late


def test_it_names_what_still_needs_somebody(run, responder, now):
    make.answer(run, "Payments went through")
    with pytest.raises(ValidationError, match="1 item still needs you: “Payments went through”"):
        run_sign_off(actor=responder, run=run, now=now)


def test_it_does_not_sign_on_old_evidence(run, responder, now):
    with pytest.raises(ValidationError, match="Every service is up"):
        run_sign_off(actor=responder, run=run, now=now + timedelta(minutes=31))


def test_it_keeps_the_worst_of_what_was_found(run, responder, now):
    item_done(actor=responder, answer=make.found(run, Verdict.BAD), now=now)
    assert run_sign_off(actor=responder, run=run, now=now).verdict == Verdict.BAD


def test_it_is_not_fine_with_something_skipped(run, responder, now):
    item_skip(actor=responder, answer=make.answer(run), reason="Not today", now=now)
    assert run_sign_off(actor=responder, run=run, now=now).verdict == Verdict.UNKNOWN


def test_it_signs_once(run, responder, manager, now):
    run_sign_off(actor=responder, run=run, now=now)
    again = run_sign_off(actor=manager, run=run, now=now + timedelta(minutes=1))
    assert (again.signed_by, again.signed_at) == (responder, now)


def test_it_is_late_one_second_after_the_deadline(run, responder, now):
    run.answers.update(read_at=run.deadline_at)
    late = run_sign_off(actor=responder, run=run, now=run.deadline_at + timedelta(seconds=1))
    assert late.is_late


def test_it_may_be_signed_late_when_it_was_missed(run, responder, now):
    run.status, run.missed_at = RunStatus.MISSED, now
    run.save()
    assert run_sign_off(actor=responder, run=run, now=now).status == RunStatus.SIGNED


def test_it_cannot_sign_what_was_never_opened(team, responder, now):
    run = make.run(due_at=now, opened_at=None, status=RunStatus.MISSED)
    with pytest.raises(ValidationError, match="console was stopped"):
        run_sign_off(actor=responder, run=run, now=now)


def test_it_belongs_to_the_templates_role_and_whom_it_was_handed_to(run, responder, manager, now):
    run.template.owner_role = Role.MANAGER
    run.template.save()
    with pytest.raises(PermissionDenied):
        run_sign_off(actor=responder, run=run, now=now)
    run_hand_over(actor=manager, run=run, to=responder, now=now)
    assert run_sign_off(actor=responder, run=run, now=now).signed_by == responder


def test_it_tells_the_person_it_was_handed_to_each_time(run, responder, manager, now):
    for minutes in (0, 1):
        run_hand_over(actor=manager, run=run, to=responder, now=now + timedelta(minutes=minutes))
    mails = Delivery.objects.all()
    assert [m.recipient for m in mails] == [responder.email] * 2
    assert mails[0].subject == "Mara handed you the morning"
    assert "signed off by 18 Nov 11:00 CET" in mails[0].content["text"]


def test_it_is_not_handed_to_those_who_only_read(run, viewer, manager, now):
    with pytest.raises(ValidationError, match="may only read"):
        run_hand_over(actor=manager, run=run, to=viewer, now=now)


def test_it_refuses_viewers(run, viewer, now):
    with pytest.raises(PermissionDenied):
        run_sign_off(actor=viewer, run=run, now=now)
