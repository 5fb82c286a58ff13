"""What fails and recovers during maintenance: nobody is told, and at its end what is left of it is."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.states import Status
from incidents.response.tasks import changes_consume
from incidents.response.watches import changes as late
from monitoring.alerts.quieting import silence_create
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from opsconsole.accounts.roles import SYSTEM
from opsconsole.outbox.models import Delivery
from tests.conftest import NOW
from tests.incidents import make
from tests.monitoring.alerts.make import window

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def maintained(checkout):
    """For an hour from five minutes after NOW."""
    return window(checkout, starts_at=NOW + 5 * MINUTE, hours=1)


@pytest.fixture
def turns(signals, checkout):
    def turn(state, minutes):
        signals.set(checkout, state)
        make.change(checkout, state, UP if state == DOWN else DOWN, at=NOW + minutes * MINUTE)
        changes_consume(NOW + (minutes + 1) * MINUTE)

    return turn


def after():
    changes_consume(NOW + 66 * MINUTE)
    return list(Incident.objects.values_list("status", flat=True))


def test_it_tells_nobody_meanwhile(maintained, turns):
    turns(DOWN, 10)
    assert not Incident.objects.exists()


def test_it_tells_at_the_end_what_went_down(maintained, turns, mail):
    turns(DOWN, 10)
    assert after() == [Status.OPEN]
    assert Incident.objects.get().detected_at == NOW + 10 * MINUTE


def test_it_says_nothing_of_what_came_and_went(maintained, turns, mail):
    turns(DOWN, 10), turns(UP, 20)
    assert after() == []
    assert not StatusChange.objects.filter(handled_at=None).exists()


def test_it_says_that_what_was_down_is_up(maintained, turns, mail):
    turns(DOWN, 0), turns(UP, 20)
    assert Incident.objects.get().status == Status.OPEN
    assert after() == [Status.RESOLVED]


def test_it_says_nothing_new_of_what_was_down_and_is(maintained, turns, mail):
    turns(DOWN, 0), turns(UP, 20), turns(DOWN, 30)
    assert after() == [Status.OPEN]
    assert Delivery.objects.count() == 1
    assert Incident.objects.get().timeline.filter(kind="change").count() == 3


def test_it_does_not_call_it_late(maintained, turns):
    turns(DOWN, 10)
    assert late(NOW + 50 * MINUTE).count == 0
    assert late(NOW + 70 * MINUTE).count == 1


def test_it_tells_nobody_of_a_probe_that_is_silenced(checkout, turns):
    silence_create(actor=SYSTEM, matchers="kind=probe\nservice=checkout", reason="r", lasts=HOUR, now=NOW)
    turns(DOWN, 5)
    assert not Incident.objects.exists()
    assert after() == [Status.OPEN]


def test_it_tells_of_other_services(maintained, turns):
    make.change(make.service("Docs"), at=NOW + 10 * MINUTE)
    turns(DOWN, 10)
    assert str(Incident.objects.get().service) == "Docs"
