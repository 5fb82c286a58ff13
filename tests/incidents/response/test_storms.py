"""Very much fails at once: one incident lists all, and each person gets one message."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge
from incidents.response.states import Status
from incidents.response.storms import storm_title
from incidents.response.tasks import changes_consume, notices_consume
from incidents.response.timeline import plain
from monitoring.alerts.tasks import tell
from opsconsole.outbox.models import Delivery
from tests.incidents import make
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db


def said():
    """What goes out, by subject."""
    return list(Delivery.objects.filter(status="waiting").values_list("subject", flat=True))


def fail(number, now, **fields):
    for n in range(number):
        make.change(make.service(f"Shop{n}", tier=fields.get("tier", 2)), at=now)
    changes_consume(now)


def test_it_opens_one_incident_for_all_and_says_it_once(mail, now):
    fail(60, now)
    live = Incident.objects.live().get()
    assert live.affected.count() == 60
    assert live.title == "60 services are failing: Shop0, Shop1, Shop10 and 57 more"
    assert said() == ["P2: 58 services are failing: Shop0, Shop10, Shop11 and 55 more · INC-001"]


def test_it_says_it_as_soon_as_the_first_would_have_been(mail, now):
    fail(60, now)
    assert Delivery.objects.get(status="waiting").due_at == now + timedelta(seconds=4)


def test_it_takes_nothing_from_whoever_works_on_it(mail, responder, now):
    fail(2, now)
    incident_acknowledge(actor=responder, incident=Incident.objects.get(number=2), now=now)
    fail(60, now)
    assert [i.status for i in Incident.objects.live().order_by("number")] == [
        Status.OPEN,
        Status.ACKNOWLEDGED,
    ]


def test_it_does_not_take_back_what_has_gone_out(mail, now):
    fail(1, now)
    Delivery.objects.update(status="sent")
    fail(60, now)
    assert Delivery.objects.filter(status="sent").count() == 1
    assert len(said()) == 1


def test_it_does_not_take_back_what_is_being_sent(mail, now):
    fail(1, now)
    Delivery.objects.update(leased_until=now + timedelta(seconds=30))
    fail(60, now)
    assert len(said()) == 2


def test_it_says_a_worse_severity_in_the_place_of_the_first_message(mail, now):
    fail(1, now, tier=3)
    row = Incident.objects.get()
    row.affected.add(make.service("Payments", tier=1))
    make.change(make.service("Payments"))
    changes_consume(now + timedelta(seconds=1))
    assert said() == ["Now P1: Shop0 is down · INC-001"]


def test_it_tells_hundreds_of_alerts_in_one_message(mail, now):
    for n in range(300):
        word(fingerprint=str(n), title=f"Disk {n} full", labels={"alertname": "Disk"}, now=now)
    later = now + timedelta(seconds=30)
    tell(later), notices_consume(later)
    incident = Incident.objects.get()
    assert said() == ["P2 300 alerts: Disk · INC-001"]
    assert incident.alerts.count() == 300
    assert incident.timeline.filter(kind="alert").count() == 20
    assert "Disk 0 full" in incident.description


def test_it_says_on_the_timeline_as_what_it_began(mail, now):
    fail(60, now)
    line = Incident.objects.live().get().timeline.get(kind="storm")
    assert plain(line) == "Several services fail at once; it began as “Shop0 is down”"


def test_it_names_what_joins_later_too(mail, now):
    fail(60, now)
    make.change(make.service("Payments"), at=now)
    changes_consume(now + timedelta(seconds=20))
    title = Incident.objects.live().get().title
    assert title == "61 services are failing: Payments, Shop0, Shop1 and 58 more"


def test_it_keeps_the_name_of_what_others_depend_on(mail, now):
    payments = make.service("Payments")
    for n in range(4):
        make.service(f"Shop{n}").depends_on.add(payments)
    make.change(payments), fail(4, now)
    assert Incident.objects.live().get().title == "Payments is down"


def test_it_counts_groups_of_alerts_that_have_no_service(mail, now):
    for n in range(30):
        word(fingerprint=str(n), title=f"Disk {n} full", labels={"alertname": f"Disk {n}"}, now=now)
    later = now + timedelta(seconds=30)
    tell(later), notices_consume(later)
    title = Incident.objects.get(number=1).title
    assert title.startswith("28 things are failing: ")


def test_it_cuts_names_so_that_the_title_fits():
    assert len(storm_title(["x" * 80] * 500, ["y" * 300] * 1000)) <= 160
    assert storm_title(["Shop"], []) == ""
