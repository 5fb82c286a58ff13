"""The line over what is fine says who found it so; a machine's time is never given for people's answers."""

from datetime import timedelta

import pytest

from maintenance.checklists.sheet import sheet
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def run(now):
    return make.run(make.template(), now)


def by_hand(run):
    return make.answer(run, source="person", verdict=Verdict.OK, settled="done", read_at=run.due_at)


def test_it_says_when_the_machine_read(run, now):
    make.found(run)
    assert sheet(run, now).fine_by == "verified by machine at 08:00"


def test_it_says_from_when_to_when(run, now):
    make.found(run)
    make.found(run, read_at=now + timedelta(minutes=4))
    assert sheet(run, now).fine_by == "verified by machine between 08:00 and 08:04"


def test_it_gives_people_no_time_of_the_machine(run, now):
    make.found(run, Verdict.LOOK)
    by_hand(run)
    assert sheet(run, now).fine_by == "answered by people"


def test_it_counts_both_apart(run, now):
    make.found(run)
    by_hand(run)
    assert sheet(run, now).fine_by == "1 verified by machine at 08:00, 1 answered by people"
