"""Two people, or two processes, at the same moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from maintenance.checklists import tasks
from maintenance.checklists.models import Run, Template
from maintenance.checklists.services.answers import answer_value, item_done, item_note
from maintenance.checklists.services.runs import run_sign_off
from maintenance.checklists.services.templates import templates_install
from maintenance.checklists.shipped import EVENING
from maintenance.checklists.states import RunStatus
from opsconsole.accounts.roles import Role
from opsconsole.measures.verdicts import Verdict
from opsconsole.outbox.models import Channel, Delivery
from tests import make as make_people
from tests.maintenance import make
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(team):
    return [make_people.user(name, Role.RESPONDER) for name in ("Ana", "Ben", "Cleo")]


def test_it_opens_each_run_once(team, now):
    template = make.template("Review")
    make.item(template)
    templates_install(now=now)
    at_once(*[lambda: tasks.open_due(now)] * 4)
    assert Run.objects.count() == 1
    assert Run.objects.get().answers.count() == 1


def test_it_installs_each_checklist_once(team, now):
    at_once(*[lambda: templates_install(now=now)] * 3)
    assert sorted(Template.objects.values_list("slug", flat=True)) == ["evening", "morning"]
    assert Template.objects.get(slug="evening").items.count() == len(EVENING.asks)


def test_it_is_signed_off_by_one_of_two(people, now):
    run = make.run(due_at=now)
    make.found(run)
    signed = at_once(*[lambda who=who: run_sign_off(actor=who, run=run, now=now) for who in people])
    assert len({s.signed_by for s in signed}) == 1
    assert Run.objects.get().status == RunStatus.SIGNED


def test_it_tells_once_what_was_missed(team, now):
    Channel.objects.create(kind="email", name="Ops", topics=["checklists"])
    make.run(due_at=now)
    at_once(*[lambda: tasks.missed(now + timedelta(hours=3))] * 4)
    assert Delivery.objects.count() == 1


def test_it_keeps_what_a_person_settled_while_the_machine_reads(people, world, now):
    answer = make.found(make.run(due_at=now), Verdict.LOOK, binding="test.up")
    later = now + timedelta(minutes=5)
    note = lambda: item_note(actor=people[0], answer=answer, note="Known.", now=later)  # noqa: E731 — beside the other act
    at_once(note, lambda: tasks.refresh(later))
    answer.refresh_from_db()
    assert (answer.settled, answer.note) == ("noted", "Known.")


def test_it_takes_one_of_two_values_sent_at_once(people, now):
    answer = make.answer(make.run(due_at=now), answer_kind="number")
    seen = answer.stamp

    def give(who, value):
        try:
            return answer_value(actor=who, answer=answer, value=value, now=now, seen=seen).number
        except ValidationError:
            return None

    given = at_once(lambda: give(people[0], "12"), lambda: give(people[1], "13"))
    answer.refresh_from_db()
    assert sorted(given, key=str) in ([12.0, None], [13.0, None]) and answer.number in given


def test_it_changes_nothing_after_a_sign_off_that_came_first(people, now):
    run = make.run(due_at=now)
    answer = make.found(run)

    def sign():
        return run_sign_off(actor=people[0], run=run, now=now).status

    def touch():
        try:
            return item_done(actor=people[1], answer=answer, now=now).settled
        except ValidationError as error:
            return type(error).__name__

    results = at_once(sign, touch)
    run.refresh_from_db()
    assert (results[0], run.status) == (RunStatus.SIGNED, RunStatus.SIGNED)
    assert results[1] in ("done", "ValidationError")
