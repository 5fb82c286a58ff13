"""What comes within a day, and what should have come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.postmortems.models import Action, Postmortem
from maintenance.today.later import later
from tests.incidents import make as make_incidents
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
HOUR = timedelta(hours=1)


@pytest.fixture
def postmortem(now):
    incident = make_incidents.resolved()
    return Postmortem.objects.create(incident=incident, required=True, due_at=now + 5 * HOUR, created_at=now)


def titles(now):
    return [it.title for it in later(now)]


def action(postmortem, title, due_on, **fields):
    created = postmortem.due_at
    return Action.objects.create(
        postmortem=postmortem, title=title, due_on=due_on, created_at=created, **fields
    )


def test_it_names_checklists_of_the_next_24_hours(now):
    make.template("Evening", next_at=now + 8 * HOUR)
    make.template("Tomorrow", next_at=now + 23 * HOUR)
    make.template("Later", next_at=now + 25 * HOUR)
    make.template("At rest", next_at=now + HOUR, is_active=False)
    assert [(it.title, it.detail) for it in later(now)] == [
        ("Evening", "10 min planned"),
        ("Tomorrow", "tomorrow, 10 min planned"),
    ]


def test_it_names_postmortems_that_are_due(postmortem, now):
    assert titles(now) == ["Postmortem of INC-001"]
    assert not later(now)[0].late
    assert later(now + 6 * HOUR)[0].late
    assert titles(now - 20 * HOUR) == []


def test_it_names_action_items_that_are_due_today_or_late(postmortem, now):
    today = now.date()
    action(postmortem, "Today", today)
    action(postmortem, "Late", today - timedelta(days=1))
    action(postmortem, "Tomorrow", today + timedelta(days=1))
    action(postmortem, "Done", today, done_at=now)
    assert titles(now) == ["Late", "Today", "Postmortem of INC-001"]


def test_it_goes_by_the_days_of_the_team(postmortem, now):
    """Whose calendar the day was promised on; in Auckland the next one has begun."""
    action(postmortem, "Today", now.date())
    with timezone.override("Pacific/Auckland"):
        assert [it.late for it in later(now + 6 * HOUR) if it.title == "Today"] == [False]


def test_it_asks_four_times_however_much_there_is(postmortem, now, django_assert_num_queries):
    for i in range(20):
        action(postmortem, f"Action {i}", now.date())
        make.template(f"List {i}", next_at=now + HOUR)
    with django_assert_num_queries(4):
        assert len(later(now)) == 11
