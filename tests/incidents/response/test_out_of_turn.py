"""A failure that could not be handled in its turn is handled late, when its recovery may be behind us already."""

from datetime import timedelta

import pytest

from incidents.response import consuming
from incidents.response.models import Incident
from incidents.response.states import Status
from incidents.response.tasks import changes_consume
from monitoring.catalogue import states as watched
from tests.incidents import make

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP


@pytest.fixture
def overtaken(signals, checkout, now, monkeypatch):
    """`overtaken("down", "up")`: the first of the changes cannot be handled before the others are."""

    def tell(*states):
        changes = [make.change(checkout, state, UP if state == DOWN else DOWN, at=now) for state in states]
        signals.set(checkout, states[-1])
        with monkeypatch.context() as patch, pytest.raises(OSError):
            patch.setattr(consuming, "_down", failing(changes[0], consuming._down))
            changes_consume(now + timedelta(minutes=5))
        changes_consume(now + timedelta(minutes=6))
        return Incident.objects.get()

    return tell


def failing(which, down):
    def act(change, now):
        if change.pk == which.pk:
            raise OSError
        down(change, now)

    return act


def test_it_resolves_what_was_over_before_it_was_opened(overtaken):
    incident = overtaken(DOWN, UP)
    assert (incident.status, incident.resolved_by_machine) == (Status.RESOLVED, True)


def test_it_keeps_open_what_hurts_again(overtaken):
    assert overtaken(DOWN, UP, DOWN).status != Status.RESOLVED
