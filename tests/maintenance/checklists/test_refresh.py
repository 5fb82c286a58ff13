"""The machine reads again while a run is unsigned, and keeps off what a person has settled."""

from datetime import timedelta

import pytest

from maintenance.checklists import tasks
from maintenance.checklists.services.answers import item_note
from maintenance.checklists.services.machine import run_refresh
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


@pytest.fixture
def answer(team, world, now):
    return make.found(make.run(due_at=now), binding="test.up")


def test_it_takes_the_new_evidence(answer, world, now):
    world.up = Verdict.BAD
    assert tasks.refresh(now + SOON) == 1
    answer.refresh_from_db()
    assert (answer.verdict, answer.read_at) == (Verdict.BAD, now + SOON)


def test_it_keeps_off_what_a_person_has_settled(answer, world, responder, now):
    item_note(actor=responder, answer=answer, note="Known since Monday.", now=now)
    world.up = Verdict.BAD
    assert tasks.refresh(now + SOON) == 0
    answer.refresh_from_db()
    assert (answer.verdict, answer.read_at) == (Verdict.OK, now)


def test_it_keeps_off_signed_runs(answer, now):
    answer.run.signed_at = now
    answer.run.save()
    assert run_refresh(run=answer.run, now=now + SOON) == 0


def test_it_keeps_off_runs_that_a_newer_one_replaced(answer, now):
    make.run(answer.run.template, now + timedelta(days=1))
    assert tasks.refresh(now + timedelta(days=1, minutes=5)) == 0


def test_it_replaces_the_last_of_a_trend_and_does_not_lengthen_it(team, world, now):
    answer = make.found(
        make.run(due_at=now), kind="measure", binding="test.latency", number=400, trend=[390, 400]
    )
    tasks.refresh(now + SOON)
    answer.refresh_from_db()
    assert answer.trend == [390, 412]


def test_it_leaves_aside_what_a_clock_that_was_ahead_has_opened(answer, world, now):
    world.up = Verdict.BAD
    make.run(answer.run.template, now + timedelta(days=365))
    assert tasks.refresh(now + SOON) == 1
