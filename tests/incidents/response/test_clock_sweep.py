"""Targets that pass are said once."""

from datetime import timedelta

import pytest

from incidents.response import clocks, services
from incidents.response.tasks import clocks_sweep
from incidents.response.timeline import plain
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def incident(mail, responder):
    return make.incident()


def reminders():
    return [
        d.subject.partition(":")[0] for d in Delivery.objects.filter(event__startswith="incident.overdue")
    ]


def test_it_says_nothing_before_its_time(incident, now):
    assert clocks_sweep(now + HOUR - timedelta(seconds=1)) == 0


def test_it_says_that_nobody_acknowledged(incident, now):
    assert clocks_sweep(now + HOUR + timedelta(seconds=1)) == 1
    assert plain(incident.timeline.get(kind="clock")) == "Target missed: acknowledge within 1 h"
    assert reminders() == ["Not acknowledged yet"]


def test_it_does_not_forget_a_target_that_it_looks_at_in_its_very_moment(incident, now):
    clocks_sweep(now + HOUR)
    assert reminders() == []
    clocks_sweep(now + HOUR + timedelta(seconds=15))
    assert reminders() == ["Not acknowledged yet"]


def test_it_goes_on_behind_one_it_cannot_handle(incident, now, monkeypatch):
    other, real = make.incident("Docs are down", now=now + timedelta(seconds=1)), clocks._missed

    def fails(row, *rest):
        if row.pk == incident.pk:
            raise RuntimeError("broken")
        real(row, *rest)

    monkeypatch.setattr(clocks, "_missed", fails)
    with pytest.raises(RuntimeError):
        clocks_sweep(now + 2 * HOUR)
    assert other.timeline.filter(kind="clock").exists()


def test_it_says_so_once(incident, now):
    for minutes in (61, 62, 90):
        clocks_sweep(now + timedelta(minutes=minutes))
    assert len(reminders()) == incident.timeline.filter(kind="clock").count() == 1


def test_it_looks_again_at_the_next_target(incident, now):
    clocks_sweep(now + 5 * HOUR)
    assert reminders() == ["Not acknowledged yet", "Not resolved yet"]


def test_it_asks_for_an_update_of_whoever_works(incident, responder, now):
    services.incident_acknowledge(actor=responder, incident=incident, now=now)
    clocks_sweep(now + HOUR + timedelta(seconds=1))
    assert reminders() == ["No update"]


def test_it_asks_again_after_the_next_silence(incident, responder, now):
    services.incident_acknowledge(actor=responder, incident=incident, now=now)
    clocks_sweep(now + 1.1 * HOUR)
    services.incident_note(actor=responder, incident=incident, text="Still looking", now=now + 1.5 * HOUR)
    clocks_sweep(now + 2 * HOUR)
    assert reminders() == ["No update"]
    clocks_sweep(now + 2.6 * HOUR)
    assert reminders() == ["No update", "No update"]


def test_it_stops_when_resolved(incident, responder, now):
    services.incident_resolve(actor=responder, incident=incident, now=now)
    assert clocks_sweep(now + 9 * HOUR) == 0


def test_it_lets_an_unsent_reminder_expire(incident, now):
    clocks_sweep(now + 1.1 * HOUR)
    assert Delivery.objects.get(event__startswith="incident.overdue").expires_at == now + 2.1 * HOUR


def test_it_minds_the_targets_of_a_raised_severity(incident, responder, now):
    services.incident_severity_change(
        actor=responder, incident=incident, severity=0, now=now + timedelta(minutes=10)
    )
    clocks_sweep(now + timedelta(minutes=14))
    assert reminders() == []
    clocks_sweep(now + timedelta(minutes=16))
    assert reminders() == ["Not acknowledged yet"]
