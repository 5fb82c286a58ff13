"""Services with incidents of their own hear that one is acknowledged here, so that nothing there rings on."""

import pytest

from incidents.response import services
from incidents.response.models import Incident
from incidents.response.tasks import changes_consume
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def incident(team, mail):
    make.channel("Pager", kind="pagerduty", config={"key": "k", "region": "us"})
    return make.incident()


def told():
    return Delivery.objects.filter(event__startswith="incident.acknowledged:")


def test_it_tells_those_that_follow_and_nobody_else(incident, responder, now):
    services.incident_acknowledge(actor=responder, incident=incident, now=now)
    delivery = told().get()
    assert delivery.channel.name == "Pager"
    assert delivery.subject == "INC-001 is acknowledged by Rafi"
    assert delivery.content["data"]["status"] == "acknowledged"


def test_it_tells_them_once(incident, responder, now):
    for _ in range(2):
        services.incident_acknowledge(actor=responder, incident=incident, now=now)
    assert told().count() == 1


def test_it_tells_them_after_they_heard_that_it_opened(team, mail, responder, checkout, now):
    make.channel("Pager", kind="pagerduty", config={"key": "k", "region": "us"})
    make.change(checkout)
    changes_consume(now)
    services.incident_acknowledge(actor=responder, incident=Incident.objects.get(), now=now)
    assert (
        told().get().due_at
        > Delivery.objects.filter(event__startswith="incident.opened:").latest("due_at").due_at
    )
