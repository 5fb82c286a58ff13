"""What somebody acknowledged where the alert came from is in hand here too, and its end there ends it here."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.services import incident_assign
from incidents.response.states import Status
from incidents.response.tasks import changes_consume, notices_consume
from incidents.response.timeline import plain
from monitoring.alerts.taking import alert_acknowledge
from monitoring.alerts.tasks import tell
from tests.conftest import NOW
from tests.incidents import make
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db


def at(minutes):
    now = NOW + timedelta(minutes=minutes)
    tell(now), notices_consume(now)


def acknowledge(minutes=2.0, by=""):
    alert_acknowledge(source="inbound:3", fingerprint="a", now=NOW + timedelta(minutes=minutes), by=by)
    at(minutes)


def said(kind="acknowledged"):
    return [plain(entry) for entry in Incident.objects.get().timeline.filter(kind=kind)]


def test_it_acknowledges_the_incident(mail):
    word(), at(1), acknowledge(by="Sensu"), acknowledge(3)
    row = Incident.objects.get()
    assert (row.status, row.acknowledged_at) == (Status.ACKNOWLEDGED, NOW + timedelta(minutes=2))
    assert (row.acknowledged_by, row.assignee) == (None, None)
    assert said() == ["Sensu at inbound:3 acknowledged “Disk full” there"]


def test_it_acknowledges_what_opens_later(mail):
    word(), acknowledge(0.2), at(1)
    assert Incident.objects.get().status == Status.ACKNOWLEDGED


def test_it_leaves_what_is_of_something_else_alone(mail, signals, checkout):
    payments = make.service("Payments", tier=1)
    checkout.depends_on.add(payments)
    make.change(payments), changes_consume(NOW)
    word(service=checkout), at(1), acknowledge()
    assert Incident.objects.get().status == Status.OPEN
    assert said("taken") == ["inbound:3 acknowledged “Disk full” there; this incident is of more than that"]


def test_it_resolves_when_it_is_over_there(mail):
    word(), at(1), acknowledge(), word(firing=False, minutes=5), at(5)
    row = Incident.objects.get()
    assert (row.status, row.resolved_by_machine) == (Status.RESOLVED, False)
    assert said("resolved") == ["inbound:3 resolved it"]


def test_it_waits_for_whoever_has_it_here(mail, responder):
    word(), at(1), acknowledge()
    incident_assign(actor=responder, incident=Incident.objects.get(), to=responder, now=NOW)
    word(firing=False, minutes=5), at(5)
    assert Incident.objects.get().status == Status.ACKNOWLEDGED


def test_it_opens_another_when_it_is_triggered_after_its_end(mail):
    word(), at(1), acknowledge(), word(firing=False, minutes=5), at(5)
    word(minutes=9), at(10)
    assert [row.status for row in Incident.objects.order_by("number")] == [Status.RESOLVED, Status.OPEN]
