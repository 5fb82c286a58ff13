"""What became of each page, and when the first was accepted."""

from datetime import timedelta

import pytest

from incidents.response.models import Page
from incidents.response.tasks import pages_settle
from incidents.response.timeline import plain
from opsconsole.outbox.models import Delivery, DeliveryStatus
from tests.incidents import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(mail):
    return make.incident()


def deliver(at, status=DeliveryStatus.SENT, **fields):
    Delivery.objects.update(status=status, sent_at=at, **fields)


def test_it_waits_for_the_delivery(incident, now):
    assert pages_settle(now) == 0


def test_it_notes_when_the_first_page_was_accepted(incident, now):
    accepted = now + timedelta(seconds=1.2)
    deliver(accepted)
    assert pages_settle(now + timedelta(seconds=5)) == 1
    incident.refresh_from_db()
    assert incident.paged_at == Page.objects.get().accepted_at == accepted


def test_it_notes_it_once(incident, now):
    deliver(now)
    pages_settle(now)
    assert pages_settle(now) == 0


def test_it_says_what_was_not_delivered(incident, now):
    deliver(None, DeliveryStatus.FAILED, last_error="550 no such mailbox")
    pages_settle(now)
    incident.refresh_from_db()
    assert incident.paged_at is None
    assert plain(incident.timeline.get(kind="page_failed")) == "Ops mail: not delivered, 550 no such mailbox"


def test_it_takes_a_pruned_delivery_as_over(incident, now):
    Delivery.objects.all().delete()
    assert pages_settle(now) == 1


def test_it_does_not_take_a_recovery_for_a_page(incident, now):
    Page.objects.update(reason="recovered")
    deliver(now)
    pages_settle(now)
    incident.refresh_from_db()
    assert incident.paged_at is None
