"""Killed between any two writes, everything is done once after the next sweep or the next tap."""

from datetime import timedelta

import pytest

from incidents.response import services
from incidents.response.models import Incident, Page, TimelineEntry
from incidents.response.tasks import changes_consume, clocks_sweep, pages_settle
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from opsconsole.outbox.models import Delivery
from tests.incidents import make
from tests.incidents.killing import killed_at_each_write

pytestmark = pytest.mark.django_db


def count(model, **fields):
    return model.objects.filter(**fields).count()


def test_it_opens_one_incident(signals, checkout, mail, now):
    make.channel("Hook", kind="webhook")
    make.change(checkout)

    def check():
        assert (count(Incident), count(Delivery), count(Page)) == (1, 2, 2)
        assert count(TimelineEntry, kind="opened") == count(TimelineEntry, kind="change") == 1
        assert count(StatusChange, handled_at=None) == 0
        assert Incident.objects.get().number == 1

    assert killed_at_each_write(lambda: changes_consume(now), check) >= 9


def test_it_joins_once(signals, checkout, mail, now):
    payments = make.service("Payments", tier=3)
    checkout.depends_on.add(payments)
    make.change(payments)
    changes_consume(now)
    make.change(checkout)

    def check():
        incident = Incident.objects.get()
        assert incident.affected.count() == 2
        assert (incident.severity, count(TimelineEntry, kind="joined")) == (1, 1)
        assert count(Delivery, event__startswith="incident.escalated") == 1

    assert killed_at_each_write(lambda: changes_consume(now), check) >= 9


def test_it_recovers_once(signals, checkout, mail, now):
    make.change(checkout)
    changes_consume(now)
    signals.set(checkout, watched.Status.UP)
    make.change(checkout, watched.Status.UP, watched.Status.DOWN, at=now + timedelta(minutes=3))

    def check():
        incident = Incident.objects.get()
        assert (incident.status, incident.resolved_by_machine) == ("resolved", True)
        assert count(TimelineEntry, kind="mitigated") == count(TimelineEntry, kind="resolved") == 1
        assert count(Delivery, event__startswith="incident.resolved") == 1

    later = now + timedelta(minutes=4)
    assert killed_at_each_write(lambda: changes_consume(later), check) >= 7


@pytest.mark.parametrize(
    ("verb", "kind"), [("acknowledge", "acknowledged"), ("resolve", "resolved"), ("mitigate", "mitigated")]
)
def test_it_takes_an_act_once(responder, mail, now, verb, kind):
    incident = make.incident()
    act = getattr(services, f"incident_{verb}")

    def check():
        assert count(TimelineEntry, kind=kind) == 1

    killed_at_each_write(lambda: act(actor=responder, incident=incident, now=now), check)


def test_it_merges_once(responder, mail, now):
    first, second = make.incident(severity=2), make.incident(severity=1)

    def check():
        assert count(TimelineEntry, kind="merged") == count(TimelineEntry, kind="absorbed") == 1
        assert count(Delivery, event__startswith="incident.escalated") == 1

    def act():
        return services.incident_merge(actor=responder, incident=second, into=first, now=now)

    assert killed_at_each_write(act, check) >= 6


def test_it_reminds_once(mail, now):
    make.incident(severity=0)

    def check():
        assert count(Delivery, event__startswith="incident.overdue") == 2
        assert count(TimelineEntry, kind="clock") == 2

    later = now + timedelta(hours=2)
    assert killed_at_each_write(lambda: clocks_sweep(later), check) >= 8


def test_it_settles_a_page_once(mail, now):
    make.incident()
    Delivery.objects.update(status="failed", last_error="550")

    def check():
        assert count(TimelineEntry, kind="page_failed") == 1

    assert killed_at_each_write(lambda: pages_settle(now), check) == 2
