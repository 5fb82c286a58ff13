"""Runs open at their time, once each."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from maintenance.checklists import tasks
from maintenance.checklists.models import Run, Template
from maintenance.checklists.services import machine
from maintenance.checklists.states import RunStatus
from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.claims import claim
from tests.conftest import NOW
from tests.maintenance import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch):
    monkeypatch.setattr("maintenance.checklists.services.templates.templates_install", lambda now: 0)


@pytest.fixture
def template(team, world):
    template = make.template()
    make.item(template, "Is it up?", kind="check", binding="test.up")
    make.item(template, "Is it fast?", kind="measure", binding="test.latency")
    make.item(template, "Do people like it?")
    return template


def test_it_opens_a_run_with_an_answer_for_each_item(template, now):
    assert tasks.open_due(now) == 1
    run = Run.objects.get()
    assert (run.due_at, run.opened_at, run.deadline_at) == (now, now, now + timedelta(hours=2))
    assert [a.question for a in run.answers.all()] == ["Is it up?", "Is it fast?", "Do people like it?"]


def test_it_says_when_it_comes_next(template, now):
    tasks.open_due(now)
    template.refresh_from_db()
    assert (template.next_at, template.leased_until) == (now + DAY, None)


def test_it_does_nothing_a_second_before(template, now):
    assert tasks.open_due(now - timedelta(seconds=1)) == 0
    assert not Run.objects.exists()


def test_it_opens_once_however_often_it_runs(template, now):
    for minutes in (0, 0, 1, 30):
        tasks.open_due(now + timedelta(minutes=minutes))
    assert Run.objects.count() == 1


def test_it_opens_nothing_at_rest(template, now):
    Template.objects.update(is_active=False)
    assert tasks.open_due(now) == 0


def test_it_is_taken_again_when_the_first_was_killed_after_its_claim(template, now):
    claim(Template.objects.all(), now=now, lease=tasks.LEASE, limit=1)
    assert tasks.open_due(now + timedelta(minutes=1)) == 0
    assert tasks.open_due(now + timedelta(minutes=3)) == 1
    assert Run.objects.get().due_at == now


def test_it_gives_way_when_another_took_the_lease_meanwhile(template, now):
    mine = claim(Template.objects.all(), now=now, lease=tasks.LEASE, limit=1)[0]
    assert tasks.open_due(now + timedelta(minutes=3)) == 1
    assert machine.run_open(template=mine, now=now + timedelta(minutes=3)) is None
    assert Run.objects.count() == 1


def test_it_writes_all_or_nothing(template, now, monkeypatch):
    monkeypatch.setattr(machine, "_record_missed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.open_due(now)
    assert not Run.objects.exists()


def test_it_goes_on_behind_one_it_cannot_open(template, now, monkeypatch):
    good, real = make.template("Evening"), machine._occurrences

    def fails(of, when):
        return real(of, when) if of == good else 1 / 0

    monkeypatch.setattr(machine, "_occurrences", fails)
    with pytest.raises(ZeroDivisionError):
        tasks.open_due(now)
    assert Run.objects.get().template == good


def test_it_opens_only_the_latest_after_a_long_stop(template, now):
    tasks.open_due(now + 3 * DAY + timedelta(hours=1))
    runs = list(Run.objects.order_by("due_at"))
    assert [r.due_at for r in runs] == [now + i * DAY for i in range(4)]
    assert [r.status for r in runs] == [RunStatus.MISSED] * 3 + [RunStatus.OPEN]
    assert [r.opened_at is None for r in runs] == [True, True, True, False]


def test_it_writes_them_in_the_order_of_their_days(template, now):
    """Lists page by id, the newest first."""
    tasks.open_due(now + 3 * DAY)
    dues = list(Run.objects.order_by("pk").values_list("due_at", flat=True))
    assert dues == sorted(dues)


def test_it_keeps_the_wall_time_over_the_end_of_summer_time(team, world, now):
    at_seven_utc = now.replace(month=10, day=24, hour=7)
    make.template(next_at=at_seven_utc)
    tasks.open_due(at_seven_utc)
    assert Template.objects.get().next_at == at_seven_utc.replace(day=25, hour=8)


def test_it_comes_again_after_a_clock_that_was_a_year_ahead(template, now):
    tasks.open_due(now + 365 * DAY)
    tasks.open_due(now + timedelta(minutes=1))
    template.refresh_from_db()
    assert template.next_at == now + DAY


@pytest.mark.parametrize("next_at", [None, NOW])
def test_it_goes_on_beside_one_whose_zone_is_known_no_more(template, now, next_at):
    """The time-zone database drops a name from time to time."""
    make.template("Lost", zone_name="US/Pacific-New", next_at=next_at)
    moved = make.template("Evening", next_at=now + timedelta(minutes=1))
    with pytest.raises((ValidationError, BadSchedule)):
        tasks.open_due(now)
    moved.refresh_from_db()
    assert Run.objects.get().template == template
    assert moved.next_at == now + timedelta(days=1)
