"""The number beside Today in the rail: what the page asks of somebody, neither more nor less."""

from datetime import timedelta

import pytest

from maintenance.checklists.states import RunStatus
from maintenance.today.navigation import needs
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]
DAY = timedelta(days=1)


def test_it_counts_what_needs_somebody(now):
    run = make.run(due_at=now)
    make.found(run), make.found(run, Verdict.BAD), make.answer(run)
    found = needs()
    assert found and found.number == 2


def test_it_says_nothing_when_nothing_does(now):
    make.found(make.run(due_at=now))
    assert needs() is None


def test_it_counts_what_was_missed_and_is_still_offered(now):
    make.answer(make.run(due_at=now - DAY / 4, status=RunStatus.MISSED, missed_at=now - DAY / 8))
    found = needs()
    assert found and found.number == 1


def test_it_leaves_out_what_a_newer_run_has_replaced(now):
    template = make.template()
    make.answer(make.run(template, due_at=now - DAY))
    make.found(make.run(template, due_at=now))
    assert needs() is None


def test_it_counts_what_is_too_old_to_say_anything(now):
    """As the page does: nobody reads “nothing to do” beside twenty questions that could not be verified."""
    make.found(make.run(due_at=now), read_at=now - timedelta(minutes=31))
    found = needs()
    assert found and found.number == 1
