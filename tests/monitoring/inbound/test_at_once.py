"""The same delivery several times at the same moment, and two sweeps at once."""

import pytest

from monitoring.alerts.models import Alert
from monitoring.inbound.models import Arrival
from monitoring.inbound.taking import LEASE, arrival_store, arrivals_read
from tests.conftest import NOW
from tests.monitoring.inbound.conftest import KEY, integration
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BODY = b'{"alerts": [{"status": "firing", "labels": {"alertname": "X"}, "startsAt": "2026-11-18T07:00:00Z"}]}'


def test_it_stores_a_delivery_once_and_reads_it_once():
    row = integration()
    act = lambda: arrival_store(integration=row, key=KEY, body=BODY, headers={}, now=NOW)  # noqa: E731
    assert sorted(again for _, again in at_once(*[act] * 4)) == [False, True, True, True]
    assert sum(at_once(*[lambda: arrivals_read(now=NOW + LEASE)] * 3)) == Arrival.objects.count() == 1
    assert Alert.objects.get().count == 1
