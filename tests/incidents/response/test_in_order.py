"""That it got worse is not told before it was told that it began, where the first message could not be delivered."""

from datetime import timedelta

import pytest

from incidents.response.services import incident_severity_change
from opsconsole.accounts.roles import SYSTEM
from opsconsole.outbox.models import Delivery, DeliveryStatus
from tests.incidents import make

pytestmark = pytest.mark.django_db
LATER, AGAIN = timedelta(minutes=3), timedelta(minutes=30)


@pytest.fixture
def worse(mail, now):
    """`worse(attempts=1)`: an incident whose first message stands so becomes a P0 after three minutes."""

    def tell(**first):
        row = make.incident(severity=2)
        Delivery.objects.update(**first)
        incident_severity_change(actor=SYSTEM, incident=row, severity=0, now=now + LATER)
        return list(Delivery.objects.order_by("pk"))

    return tell


def test_it_tries_the_first_again_at_once_and_sends_the_newer_after_it(worse, now):
    first, newer = worse(attempts=1, due_at=now + AGAIN)
    assert (first.due_at, first.status) == (now + LATER, DeliveryStatus.WAITING)
    assert first.due_at < newer.due_at < now + LATER + timedelta(seconds=10)


def test_it_leaves_what_is_being_sent(worse, now):
    first, _ = worse(attempts=1, due_at=now + AGAIN, leased_until=now + AGAIN)
    assert first.due_at == now + AGAIN


def test_it_sends_the_newer_at_once_where_the_first_was_delivered(worse, now):
    first, newer = worse(attempts=1, status=DeliveryStatus.SENT)
    assert (first.status, newer.due_at) == (DeliveryStatus.SENT, now + LATER)
