"""Actions, followed to the end."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.postmortems import services
from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.tasks import remind
from incidents.postmortems.watches import action_reminders
from incidents.response.timeline import plain
from opsconsole.lib.periods import Period
from opsconsole.measures.selectors import read
from opsconsole.outbox.models import Delivery
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 20)
MIDNIGHT = NOW.replace(day=20, hour=23)  # the end of Friday in Vienna


@pytest.fixture
def action(postmortem, responder, now):
    Delivery.objects.all().delete()
    Postmortem.objects.update(remind_at=None)
    return services.action_add(
        actor=responder, postmortem=postmortem, title="Load test", owner=responder, due_on=FRIDAY, now=now
    )


def test_it_says_on_the_timeline_until_when(action):
    told = plain(action.postmortem.incident.timeline.get(kind="action"))
    assert told.endswith("an action until 20 Nov 2026: Load test")


def test_it_still_reads_what_was_written_as_text(action):
    entry = action.postmortem.incident.timeline.get(kind="action")
    entry.data = entry.data | {"due_on": "", "due": "2026-11-20"}
    assert plain(entry).endswith("an action until 2026-11-20: Load test")


def test_it_refuses_a_day_that_has_passed(postmortem, responder, now):
    with pytest.raises(ValidationError, match="That day has passed"):
        services.action_add(
            actor=responder,
            postmortem=postmortem,
            title="x",
            owner=responder,
            due_on=date(2026, 11, 17),
            now=now,
        )


def test_it_refuses_a_day_that_has_passed_where_the_team_is(postmortem, responder):
    given = {"actor": responder, "postmortem": postmortem, "title": "x", "owner": responder}
    with pytest.raises(ValidationError, match="That day has passed"):
        services.action_add(**given, due_on=FRIDAY, now=MIDNIGHT)


def test_it_is_done_once(action, responder, now):
    assert services.action_done(actor=responder, action=action, now=now)
    assert not services.action_done(actor=responder, action=action, now=now)


def test_it_is_given_only_to_somebody_who_may_do_it(postmortem, responder, viewer, now):
    with pytest.raises(ValidationError, match="Vera may only read"):
        services.action_add(
            actor=responder, postmortem=postmortem, title="Look", owner=viewer, due_on=FRIDAY, now=now
        )


def test_it_can_be_undone_once(action, responder, now):
    services.action_done(actor=responder, action=action, now=now)
    assert services.action_reopen(actor=responder, action=action, now=now)
    assert not services.action_reopen(actor=responder, action=action, now=now)
    assert Action.objects.get().done_at is None


@pytest.mark.parametrize("act", [services.action_done, services.action_reopen])
def test_it_lets_no_viewer_act(action, viewer, now, act):
    with pytest.raises(PermissionDenied):
        act(actor=viewer, action=action, now=now)


def test_it_is_in_time_until_its_day_has_passed(action):
    assert remind(MIDNIGHT - timedelta(seconds=1)) == 0


def test_it_reminds_once(action):
    assert remind(MIDNIGHT) == 1
    assert remind(MIDNIGHT + timedelta(days=9)) == 0
    assert Delivery.objects.filter(event__startswith="action.late").count() == 1
    assert Delivery.objects.earliest("pk").subject == "Action late: Load test · INC-001"


def test_it_reminds_of_nothing_that_is_done(action, responder, now):
    services.action_done(actor=responder, action=action, now=now)
    assert remind(MIDNIGHT) == 0


def test_it_is_watched_for_a_reminder_that_did_not_go_out(action):
    assert action_reminders(MIDNIGHT + timedelta(minutes=10)).count == 0
    assert action_reminders(MIDNIGHT + timedelta(minutes=11)).count == 1


def test_it_does_not_remind_twice_of_one_day(action, responder):
    remind(MIDNIGHT)
    services.action_done(actor=responder, action=action, now=MIDNIGHT)
    services.action_reopen(actor=responder, action=action, now=MIDNIGHT)
    remind(MIDNIGHT + timedelta(hours=1))
    assert Delivery.objects.filter(event__startswith="action.late").count() == 1


@pytest.mark.parametrize(("hours", "late"), [(0, 0), (70, 1)])
def test_it_counts_what_is_open_and_late(action, frozen, hours, late):
    frozen.shift(timedelta(hours=hours))
    period = Period(NOW, NOW + timedelta(days=7))
    assert read("actions.open", period).reading.value == 1
    assert read("actions.overdue", period).reading.value == late
