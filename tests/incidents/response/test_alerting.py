"""Alerts become incidents: what fires opens one or joins it, what is over ends it, and each is told once."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_merge, incident_resolve
from incidents.response.states import Status
from incidents.response.tasks import changes_consume, notices_consume
from incidents.response.timeline import plain
from monitoring.alerts.models import Notice
from monitoring.alerts.tasks import expire, tell
from monitoring.catalogue import states as watched
from opsconsole.outbox.models import Delivery
from tests.conftest import NOW
from tests.incidents import make
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db


def at(minutes):
    """Let the sweeps run then."""
    now = NOW + timedelta(minutes=minutes)
    tell(now), notices_consume(now)


def subjects():
    return [
        subject.partition(" · ")[0]
        for subject in Delivery.objects.order_by("pk").values_list("subject", flat=True)
    ]


def lines(kind="alert"):
    return [plain(entry) for entry in Incident.objects.order_by("number")[0].timeline.filter(kind=kind)]


def test_it_opens_an_incident(mail):
    word(severity=1, annotations={"summary": "5 % left"}), at(1)
    row = Incident.objects.get()
    assert (row.title, row.severity, row.description) == ("Disk full", 1, "5 % left")
    assert (subjects(), lines()) == (["P1 Disk full"], ["Alert: Disk full. 5 % left"])
    assert row.detected_at == NOW


def test_it_says_nothing_of_what_is_over_within_the_wait(mail):
    word(), word(firing=False, minutes=0.3), at(1), at(9)
    assert not Incident.objects.exists()
    assert not Notice.objects.exists()


def test_it_waits_for_the_others(mail):
    word(), at(0.2)
    assert not Incident.objects.exists()


def test_it_names_how_many_and_which(mail, checkout):
    word(service=checkout), word(service=checkout, fingerprint="b", title="Queue long"), at(1)
    row = Incident.objects.get()
    assert (row.title, row.description) == ("2 alerts: Checkout", "Disk full\nQueue long")
    assert row.severity == 1  # by the tier of the service


def test_it_takes_the_worst_severity(mail):
    word(severity=3), word(fingerprint="b", title="Disk full", severity=0), at(1)
    assert Incident.objects.get().severity == 0


def test_it_says_more_of_a_group_after_its_interval(mail):
    word(), at(1)
    word(fingerprint="b", minutes=2), at(3)
    assert len(subjects()) == 1
    at(7)
    assert subjects()[1] == "Disk full too: Disk full"


def test_it_resolves_when_all_are_over(mail):
    word(), word(fingerprint="b"), at(1)
    word(firing=False, minutes=2), at(7)
    assert Incident.objects.get().status == Status.OPEN
    word(firing=False, fingerprint="b", minutes=8), at(8)
    row = Incident.objects.get()
    assert (row.status, row.mitigated_at) == (Status.RESOLVED, NOW + timedelta(minutes=8))


def test_it_stays_open_while_a_probe_of_the_service_is_down(mail, signals, checkout):
    signals.set(checkout, watched.Status.DOWN)
    word(service=checkout), at(1)
    word(service=checkout, firing=False, minutes=2), at(2)
    assert Incident.objects.get().mitigated_at is None


def test_it_stays_open_while_an_alert_fires_and_the_probe_is_up(mail, signals, checkout):
    signals.set(checkout, watched.Status.DOWN), make.change(checkout), changes_consume(NOW)
    word(service=checkout), at(1)
    signals.set(checkout, watched.Status.UP), make.change(checkout, watched.Status.UP, watched.Status.DOWN)
    changes_consume(NOW + timedelta(minutes=2))
    assert Incident.objects.get().status == Status.OPEN
    word(service=checkout, firing=False, minutes=3), at(3)
    assert Incident.objects.get().status == Status.RESOLVED


def test_it_joins_the_incident_of_its_service(mail, signals, checkout):
    make.change(checkout), changes_consume(NOW)
    word(service=checkout), at(1)
    assert Incident.objects.get().alerts.count() == 1
    assert len(subjects()) == 1


def test_it_joins_the_incident_of_what_the_service_depends_on(mail, signals, checkout):
    payments = make.service("Payments", tier=1)
    checkout.depends_on.add(payments)
    make.change(payments), changes_consume(NOW)
    word(service=checkout), at(1)
    assert set(Incident.objects.get().affected.all()) == {payments, checkout}
    assert lines("joined") == ["Checkout failed too: it depends on Payments"]


def test_it_is_the_same_incident_when_it_fires_again_soon(mail):
    word(), at(1)
    word(firing=False, minutes=2), at(2)
    word(minutes=6), at(7)
    row = Incident.objects.get()
    assert (row.status, row.relapses) == (Status.OPEN, 1)


def test_it_says_what_still_fires_when_nobody_has_it(mail):
    word(), at(1), at(4 * 60 + 2)
    assert subjects()[-1] == "Still firing: Disk full"


def test_it_leaves_whoever_has_it_alone(mail, responder):
    word(), at(1)
    incident_acknowledge(actor=responder, incident=Incident.objects.get(), now=NOW)
    at(4 * 60 + 2)
    assert len(subjects()) == 1


def test_it_says_what_fires_to_whoever_resolves_it(mail, responder):
    word(), at(1)
    done = incident_resolve(actor=responder, incident=Incident.objects.get(), now=NOW + timedelta(minutes=2))
    assert done.sentence == "INC-001 is resolved, though Disk full is not up yet."
    word(firing=False, minutes=9), at(9)
    assert Incident.objects.get().mitigated_at == NOW + timedelta(minutes=9)


def test_it_takes_alerts_along_when_incidents_are_merged(mail, responder):
    word(), word(fingerprint="b", title="Queue long"), at(1)
    first, second = Incident.objects.order_by("number")
    incident_merge(actor=responder, incident=second, into=first, now=NOW)
    assert first.alerts.count() == 2


def test_it_handles_a_notice_once(mail):
    word(), at(1), at(1)
    assert Incident.objects.count() == len(subjects()) == 1


def play(*minutes):
    """On, off, on, off, … at these minutes."""
    for turn, n in enumerate(minutes):
        word(turn % 2 == 0, n), expire(NOW + timedelta(minutes=n)), at(n + 0.6)


def test_it_says_once_that_an_alert_goes_on_and_off(mail):
    play(0, 2, 4, 6, 8)
    before = subjects()
    play(*range(10, 40, 2))
    assert subjects() == before
    assert before[-1] == "Going up and down: Disk full"
    assert lines()[-1] == "Alert: Disk full goes on and off"


def test_it_resolves_when_it_has_calmed_down_and_is_over(mail):
    play(0, 2, 4, 6, 8, 10), expire(NOW + timedelta(minutes=41)), at(41)
    row = Incident.objects.get()
    assert (row.status, row.mitigated_at) == (Status.RESOLVED, NOW + timedelta(minutes=10))


def test_it_says_that_it_has_calmed_down_and_fires(mail):
    play(0, 2, 4, 6, 8), expire(NOW + timedelta(minutes=40)), at(40)
    assert subjects()[-1] == "Disk full: calm again, and it fires: Disk full"
    assert Incident.objects.get().status == Status.OPEN


def test_it_says_of_one_alert_among_others_that_it_goes_on_and_off(mail):
    word(fingerprint="b", title="Disk full"), at(1)
    play(2, 4, 6, 8, 10), at(20)
    assert subjects()[-1] == "Disk full goes on and off: Disk full"
