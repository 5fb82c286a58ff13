"""A confirmed failure opens an incident, or joins the one that it belongs to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.response import consuming
from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_mitigate, incident_resolve
from incidents.response.states import Severity, Status
from incidents.response.tasks import changes_consume
from incidents.response.timeline import plain
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db
DOWN, UP, SLOW, UNKNOWN = (
    watched.Status.DOWN,
    watched.Status.UP,
    watched.Status.DEGRADED,
    watched.Status.UNKNOWN,
)


@pytest.fixture
def down(signals, checkout):
    signals.set(checkout, DOWN)
    return make.change(checkout)


def test_it_opens_an_incident(down, checkout, mail, now):
    assert changes_consume(now) == 1
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.service) == ("Checkout is down", 1, checkout)
    assert Delivery.objects.get().subject == "P1 Checkout is down · INC-001"


def test_it_does_not_call_a_job_down(checkout, now):
    make.change(checkout, source="heartbeat:3", title="Backup")
    changes_consume(now)
    assert Incident.objects.get().title == "Backup is late or failed"


def test_it_marks_the_change_as_handled(down, now):
    changes_consume(now)
    down.refresh_from_db()
    assert down.handled_at == now


def test_it_handles_a_change_once(down, now):
    changes_consume(now)
    assert changes_consume(now) == 0


@pytest.mark.parametrize(("tier", "severity"), [(1, Severity.P1), (2, Severity.P2), (3, Severity.P3)])
def test_it_takes_the_severity_from_the_tier(signals, now, tier, severity):
    make.change(make.service("Docs", tier=tier))
    changes_consume(now)
    assert Incident.objects.get().severity == severity


def test_it_is_critical_when_every_probe_of_a_critical_service_fails(signals, checkout, mail, now):
    for source in ("probe:1", "probe:2"):
        signals.set(checkout, DOWN, source)
        make.change(checkout, source=source)
    changes_consume(now)
    assert Incident.objects.get().severity == Severity.P0


def test_it_rises_when_the_second_probe_fails_too(signals, checkout, mail, now):
    signals.set(checkout, DOWN, "probe:1"), signals.set(checkout, UP, "probe:2")
    make.change(checkout, source="probe:1")
    changes_consume(now)
    signals.set(checkout, DOWN, "probe:2")
    make.change(checkout, source="probe:2", title="Checkout, from afar")
    changes_consume(now + timedelta(minutes=1))
    assert Incident.objects.get().severity == Severity.P0
    assert Delivery.objects.filter(subject__startswith="Now P0").count() == 1


def test_it_opens_with_the_times_of_the_failure_when_it_comes_late(down, now):
    changes_consume(now + timedelta(hours=3))
    incident = Incident.objects.get()
    assert (incident.detected_at, incident.impact_start) == (now, now)
    assert incident.acknowledge_due_at == now + timedelta(hours=4)


def test_it_detects_nothing_in_the_future_whatever_clock_a_probe_has(signals, checkout, now):
    make.change(checkout, at=now + timedelta(hours=1))
    changes_consume(now)
    assert Incident.objects.get().detected_at == now


def test_it_puts_further_changes_on_the_timeline(down, checkout, mail, now):
    changes_consume(now)
    make.change(checkout, source="probe:99", title="Cart", at=now + timedelta(minutes=1))
    changes_consume(now + timedelta(minutes=2))
    assert Incident.objects.count() == Delivery.objects.count() == 1
    lines = [plain(e) for e in Incident.objects.get().timeline.filter(kind="change")]
    assert lines == ["Checkout: up → down. answered 502", "Cart: up → down. answered 502"]


@pytest.mark.parametrize("state", [SLOW, UNKNOWN])
def test_it_opens_nothing_for_less_than_down(signals, checkout, now, state):
    make.change(checkout, state)
    assert changes_consume(now) == 1
    assert not Incident.objects.exists()


@pytest.mark.parametrize("state", [SLOW, UNKNOWN])
def test_it_notes_them_while_an_incident_is_open(down, checkout, now, state):
    changes_consume(now)
    make.change(checkout, state, DOWN)
    changes_consume(now)
    assert Incident.objects.get().timeline.filter(kind="change").count() == 2


def test_it_joins_the_incident_of_what_it_depends_on(signals, checkout, mail, now):
    payments = make.service("Payments", tier=2)
    checkout.depends_on.add(payments)
    make.change(payments), make.change(checkout)
    changes_consume(now)
    incident = Incident.objects.get()
    assert set(incident.affected.all()) == {payments, checkout}
    assert plain(incident.timeline.get(kind="joined")) == "Checkout failed too: it depends on Payments"
    assert incident.severity == Severity.P1


def test_it_looks_further_up_than_one_step(signals, checkout, now):
    payments, database = make.service("Payments"), make.service("Database")
    checkout.depends_on.add(payments)
    payments.depends_on.add(database)
    make.change(database), make.change(checkout)
    changes_consume(now)
    assert Incident.objects.count() == 1


def test_it_joins_nothing_whose_impact_is_over(signals, checkout, responder, now):
    payments = make.service("Payments")
    checkout.depends_on.add(payments)
    make.change(payments), changes_consume(now)
    incident_mitigate(actor=responder, incident=Incident.objects.get(), now=now)
    make.change(checkout), changes_consume(now)
    assert Incident.objects.count() == 2


def test_it_bears_a_circle_of_dependencies(signals, checkout, now):
    payments = make.service("Payments")
    checkout.depends_on.add(payments)
    payments.depends_on.add(checkout)
    make.change(checkout)
    assert changes_consume(now) == 1


def test_it_groups_a_storm(signals, mail, now):
    for number in range(20):
        make.change(make.service(f"Shop{number}", tier=2))
    changes_consume(now)
    assert Incident.objects.count() == 3
    assert Incident.objects.get(number=1).affected.count() == 18
    (said,) = Delivery.objects.order_by("pk")[3:]
    assert said.subject.startswith("P2: 18 services are failing: ")


def test_it_groups_a_storm_where_it_still_hurts(signals, mail, responder, now):
    """What joined an incident that is up again would be called up with it."""
    shops = [make.service(f"Shop{number}", tier=2) for number in range(4)]
    for shop in shops[:3]:
        signals.set(shop, DOWN), make.change(shop)
    changes_consume(now)
    incident_acknowledge(actor=responder, incident=Incident.objects.get(number=1), now=now)
    signals.set(shops[0], UP), make.change(shops[0], UP, DOWN)
    make.change(shops[3])
    changes_consume(now)
    assert Incident.objects.get(affected=shops[3]).number == 2
    assert Incident.objects.count() == 3


def test_it_says_aloud_that_it_joined_an_old_incident(down, checkout, mail, now):
    changes_consume(now)
    make.change(checkout, source="probe:99", title="Cart", at=now + timedelta(days=3))
    changes_consume(now + timedelta(days=3))
    said = Delivery.objects.latest("pk")
    assert said.subject == "Cart is down too: Checkout is down · INC-001"
    assert "open for 3 days" in said.content["text"]


def test_it_takes_the_lock_of_all_openings_first(down, now):
    """Whoever reopens an incident takes them in the same order, so that neither waits for the other."""
    with CaptureQueriesContext(connection) as asked:
        changes_consume(now)
    said = [query["sql"] for query in asked]
    lock, rows = (
        next(n for n, sql in enumerate(said) if table in sql)
        for table in ('"response_sequence"', '"response_incident_affected"')
    )
    assert lock < rows


def test_it_opens_a_new_one_after_a_person_resolved(down, checkout, responder, now):
    changes_consume(now)
    incident_resolve(actor=responder, incident=Incident.objects.get(), now=now)
    make.change(checkout, at=now + timedelta(minutes=2))
    changes_consume(now + timedelta(minutes=3))
    assert [i.status for i in Incident.objects.order_by("number")] == [Status.RESOLVED, Status.OPEN]


def test_it_never_pages_for_a_drill(down, checkout, now):
    drill = make.incident("Game day", service=checkout, is_drill=True)
    changes_consume(now)
    assert Incident.objects.exclude(pk=drill.pk).count() == 1


def test_it_goes_on_behind_a_change_it_cannot_handle(down, checkout, now, monkeypatch):
    good, real = make.change(make.service("Docs")), consuming._down

    def fails(change, when):
        if change.pk == down.pk:
            raise RuntimeError("broken")
        real(change, when)

    monkeypatch.setattr(consuming, "_down", fails)
    with pytest.raises(RuntimeError):
        changes_consume(now)
    assert list(StatusChange.objects.filter(handled_at=None)) == [down]
    assert Incident.objects.get().service == good.service


def test_it_does_nothing_half(down, now, monkeypatch):
    """Killed between opening and marking, nothing has happened; the next sweep does it once."""
    monkeypatch.setattr(consuming, "change_tell", lambda *a: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        changes_consume(now)
    monkeypatch.undo()
    assert not Incident.objects.exists()
    assert changes_consume(now) == 1
    assert Incident.objects.get().number == 1
