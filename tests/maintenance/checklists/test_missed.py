"""A deadline that passes unsigned is told once."""

from datetime import timedelta

import pytest

from maintenance.checklists import tasks
from maintenance.checklists.models import Run
from maintenance.checklists.states import RunStatus
from opsconsole.outbox.models import Channel, Delivery
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
DEADLINE = timedelta(hours=2)


@pytest.fixture
def run(team, now):
    Channel.objects.create(kind="email", name="Ops", topics=["checklists"])
    Channel.objects.create(kind="email", name="Founder", topics=["reports"])
    return make.run(due_at=now)


def test_it_waits_for_the_deadline(run, now):
    assert tasks.missed(now + DEADLINE - timedelta(seconds=1)) == 0


def test_it_calls_it_missed_and_tells_those_who_want_to_know(run, now):
    assert tasks.missed(now + DEADLINE) == 1
    run.refresh_from_db()
    assert (run.status, run.missed_at) == (RunStatus.MISSED, now + DEADLINE)
    delivery = Delivery.objects.get()
    assert delivery.subject == "Morning was not signed off in time"
    assert str(delivery.channel) == "Ops"
    assert delivery.about == f"/maintenance/checklists/runs/{run.pk}/"


def test_it_says_until_when_on_the_teams_clock(run, now):
    tasks.missed(now + DEADLINE)
    said = Delivery.objects.get().content
    assert "signed off by 18 Nov 11:00 CET" in said["text"]
    assert "18 Nov 11:00 CET</time>. Nobody did" in said["html"]


def test_it_tells_once(run, now):
    for hours in (2, 2, 3):
        tasks.missed(now + timedelta(hours=hours))
    assert Delivery.objects.count() == 1


def test_it_says_nothing_when_the_message_could_not_be_queued(run, now, monkeypatch):
    monkeypatch.setattr("maintenance.checklists.services.machine.message_broadcast", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.missed(now + DEADLINE)
    assert Run.objects.get().status == RunStatus.OPEN
