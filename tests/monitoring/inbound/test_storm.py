"""Two thousand alerts in one delivery: answered at once, written by the sweep, nothing dropped."""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.alerts.models import Alert
from monitoring.inbound.models import Arrival
from monitoring.inbound.tasks import read
from tests.monitoring.inbound.conftest import KEY, integration, payload

MANY = 2000


def storm(count):
    content = payload("alertmanager")
    first = content["alerts"][0]
    content["alerts"] = [first | {"fingerprint": f"{n:016x}"} for n in range(count)]
    return content


def test_it_answers_two_thousand_alerts_at_once_and_drops_none(post, now):
    integration()
    began = time.monotonic()
    assert post(f"/in/alertmanager/{KEY}", storm(MANY)).status_code == 200
    assert time.monotonic() - began < 10, "a busy machine is slow, but not that slow"
    assert read(now) == 1
    assert Alert.objects.firing().count() == MANY
    assert Arrival.objects.get().note == "2,000 alerts firing"


def test_it_writes_two_thousand_alerts_by_few_statements(post, now):
    integration()
    post(f"/in/alertmanager/{KEY}", storm(MANY))
    with CaptureQueriesContext(connection) as asked:
        read(now)
    assert len(asked) < 250
