"""Very many changes of state at once are handled together: the same comes of them, by few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.response import crowds
from incidents.response.models import Incident, TimelineEntry
from incidents.response.states import Status
from incidents.response.tasks import changes_consume
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from opsconsole.outbox.models import Delivery
from tests.incidents import make
from tests.incidents.killing import killed_at_each_write

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP
MANY = 150


@pytest.fixture
def shops(signals):
    return [make.service(f"Shop{n}", tier=2) for n in range(MANY)]


@pytest.fixture
def turn(signals):
    """`turn(services, DOWN, at)`: all of them at once; how many statements that takes."""

    def turn(services, state, at):
        for one in services:
            signals.set(one, state)
            make.change(one, state, UP if state == DOWN else DOWN, at=at)
        with CaptureQueriesContext(connection) as asked:
            changes_consume(at)
        assert not StatusChange.objects.filter(handled_at=None).exists()
        return len(asked)

    return turn


def test_it_takes_few_statements_for_a_storm(shops, turn, mail, now):
    assert turn(shops, DOWN, now) < 350
    assert turn(shops, UP, now + timedelta(minutes=2)) < 150


def test_it_takes_few_statements_where_nothing_comes_of_it(shops, turn, now):
    assert turn(shops, UP, now) < 50
    assert not Incident.objects.exists()


def test_it_takes_few_statements_for_many_probes_of_one_service(signals, checkout, mail, now):
    for n in range(MANY):
        make.change(checkout, source=f"probe:{n}", title=f"Probe {n}")
    with CaptureQueriesContext(connection) as asked:
        changes_consume(now)
    assert len(asked) < 150
    assert Incident.objects.get().timeline.filter(kind="change").count() == MANY


def test_it_puts_each_on_the_timeline_once(shops, turn, mail, now):
    turn(shops, DOWN, now)
    lines = TimelineEntry.objects.filter(kind="change")
    assert len({line.key for line in lines}) == len(lines) == MANY
    assert Incident.objects.live().get().affected.count() == MANY


def test_it_ends_when_the_last_is_up_again(shops, turn, mail, now):
    turn(shops, DOWN, now)
    turn(shops[1:], UP, now + timedelta(minutes=2))
    assert Incident.objects.get(number=1).status == Status.OPEN
    turn(shops[:1], UP, now + timedelta(minutes=3))
    over = Incident.objects.get(number=1)
    assert (over.status, over.mitigated_at) == (Status.RESOLVED, now + timedelta(minutes=3))


def test_it_raises_by_the_worst_and_says_so_once(shops, turn, mail, now):
    turn(shops[:30], DOWN, now)
    worst = make.service("Payments", tier=1)
    turn([*shops[30:], worst], DOWN, now + timedelta(seconds=30))
    assert Incident.objects.get(number=1).severity == 1
    assert Delivery.objects.filter(event__startswith="incident.escalated").count() == 1


def test_it_sees_that_something_fails_again_in_the_same_moment(shops, turn, mail, now):
    turn(shops[:30], DOWN, now)
    for state, old in ((UP, DOWN), (DOWN, UP)):
        for one in shops[:30]:
            make.change(one, state, old, at=now + timedelta(minutes=1))
    changes_consume(now + timedelta(minutes=2))
    lines = Incident.objects.get(number=1).timeline.filter(kind="change")
    assert lines.count() == 90 - 2, "of the two that were merged, their own failure stands with them"


def test_it_handles_one_by_one_what_cannot_be_handled_together(shops, turn, mail, now, monkeypatch):
    monkeypatch.setattr(crowds, "tell_all", lambda _: (_ for _ in ()).throw(OSError))
    turn(shops[:30], DOWN, now)
    assert Incident.objects.live().get().affected.count() == 30


def test_it_bears_to_be_killed_anywhere(shops, mail, now):
    for one in shops[:30]:
        make.change(one)

    def check():
        assert Incident.objects.live().get().affected.count() == 30
        assert Delivery.objects.filter(event__startswith="incident.storm").count() == 1

    killed_at_each_write(lambda: changes_consume(now), check, most=120)
