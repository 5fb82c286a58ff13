"""Uptime Kuma's webhook: down, up, and what is neither."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.alerts.models import Alert
from monitoring.inbound.models import Arrival
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL = f"/in/kuma/{KEY}"


@pytest.fixture(autouse=True)
def _there(db):
    integration("kuma", name="Kuma")


def beat(**changed):
    content = payload("kuma_down")
    content["heartbeat"] |= changed
    return content


def test_it_opens_an_alert_at_the_time_of_the_heartbeat(post):
    assert post(URL, payload("kuma_down")).status_code == 200
    alert = Alert.objects.get()
    assert (alert.fingerprint, alert.title) == ("monitor:7", "Intranet is down")
    assert alert.starts_at == datetime(2026, 11, 18, 7, 59, 12, 345000, tzinfo=UTC)
    assert alert.annotations["why"] == "connect ECONNREFUSED 10.0.0.5:443"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_it_ends_it_in_any_order(post, order):
    both = [beat(), beat(status=1, time="2026-11-18 07:59:59.000", msg="200 - OK")]
    for number in order:
        post(URL, both[number])
    assert states() == [("monitor:7", "resolved")]


@pytest.mark.parametrize(("status", "said"), [(2, "tried again"), (3, "under maintenance")])
def test_it_stays_silent_while_nothing_is_known(post, status, said):
    post(URL, beat(status=status))
    assert not Alert.objects.exists()
    assert said in Arrival.objects.get().note


def test_it_knows_a_test(post):
    post(URL, {"heartbeat": None, "monitor": None, "msg": "Console Testing"})
    assert (Alert.objects.count(), "A test" in Arrival.objects.get().note) == (0, True)


def test_it_tells_of_a_certificate_for_a_day(post, now):
    post(URL, {"heartbeat": None, "monitor": None, "msg": "[Shop] Certificate will expire in 7 days"})
    assert Alert.objects.get().expires_at == now + timedelta(days=1)


@pytest.mark.parametrize(
    "content", [{}, beat(status=9), beat(status=True), beat(status=None), beat(status=[]), {"heartbeat": 7}]
)
def test_it_opens_an_alert_for_what_it_cannot_read(post, content):
    assert post(URL, content).status_code == 400
    assert Alert.objects.get().title == "Kuma sent something that cannot be read"
