"""Alertmanager's webhook, Grafana's, and what Prometheus sends to an Alertmanager."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from monitoring.alerts.models import Alert, Group
from monitoring.alerts.states import Level
from monitoring.alerts.tasks import expire
from monitoring.inbound.applying import TOLD_FOR
from monitoring.inbound.models import Arrival
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL = f"/in/alertmanager/{KEY}"


@pytest.fixture
def manager_of_alerts(db):
    return integration()


@pytest.fixture(autouse=True)
def _there(manager_of_alerts):
    """Every test has one that may send."""


def one(post, **changed):
    """The payload with its first alert only, changed."""
    content = payload("alertmanager")
    content["alerts"] = [content["alerts"][0] | changed]
    return post(URL, content)


def test_it_takes_each_alert_of_a_group_with_its_own_state(post, manager_of_alerts):
    assert post(URL, payload("alertmanager")).json() == {"status": "ok"}
    alert = Alert.objects.get()
    assert (alert.source, alert.fingerprint) == (manager_of_alerts.source, "a1b2c3d4e5f60718")
    assert (alert.title, alert.severity) == ("5 % of requests fail on api-1", Level.P0)
    assert alert.starts_at == datetime(2026, 11, 18, 7, 51, 4, 123456, tzinfo=UTC)
    assert alert.annotations["runbook_url"] == "https://wiki.example.com/errors"


def test_it_ends_the_alert_that_is_resolved(post):
    one(post)
    one(post, status="resolved", endsAt="2026-11-18T07:59:00Z")
    alert = Alert.objects.get()
    assert (alert.state, alert.ends_at) == ("resolved", datetime(2026, 11, 18, 7, 59, tzinfo=UTC))


def test_it_goes_by_the_time_of_events_not_of_arrival(post):
    one(post, status="resolved", endsAt="2026-11-18T07:59:00Z")
    one(post)
    assert states() == [("a1b2c3d4e5f60718", "resolved")]


def test_it_finds_the_service_by_its_label(post, team):
    service = make.service("Checkout")
    post(URL, payload("alertmanager"))
    assert Alert.objects.get().service == service


def test_it_says_what_the_sender_left_out(post):
    content = payload("alertmanager") | {"truncatedAlerts": 12}
    post(URL, content)
    assert "left out 12 more" in Alert.objects.get().annotations["left out"]
    assert "left out 12 more" in Arrival.objects.get().note


@pytest.mark.parametrize(
    "broken", [7, {"status": "melting", "labels": {"a": "b"}}, {"status": "firing"}, None]
)
def test_it_opens_an_alert_for_one_that_it_cannot_read(post, broken):
    content = payload("alertmanager")
    content["alerts"][1] = broken
    assert post(URL, content).status_code == 200
    alert = Alert.objects.exclude(fingerprint="a1b2c3d4e5f60718").get()
    assert alert.title == f"Cannot be read: {alert.annotations['what came']}"[:116]
    assert (alert.state, alert.expires_at) == ("firing", NOW + TOLD_FOR)


def test_it_tells_what_it_cannot_read_together(post):
    post(URL, {"alerts": [7, None, "x"]})
    assert Group.objects.get().title == "What cannot be read"


@pytest.mark.parametrize(
    ("name", "title"),
    [("DatasourceNoData", "CPU has no data"), ("DatasourceError", "CPU could not be evaluated")],
)
def test_it_takes_grafana_without_data_for_what_it_is(post, name, title):
    labels = {"alertname": name, "rulename": "CPU"}
    post(URL, {"alerts": [{"status": "firing", "labels": labels, "annotations": {"summary": "CPU is hot"}}]})
    assert Alert.objects.get().title == title


def test_it_reads_what_grafana_adds(post):
    integration("grafana", key="f" * 32)
    post(f"/in/grafana/{'f' * 32}", payload("grafana"))
    alert = Alert.objects.get()
    assert (alert.title, alert.severity) == ("p95 of checkout is 812 ms", Level.P2)
    assert alert.starts_at == datetime(2026, 11, 18, 7, 50, tzinfo=UTC)
    assert alert.annotations["silence it"].startswith("https://grafana.example.com/alerting/silence")
    assert alert.annotations["values"] == '{"A": 812.4, "C": 1}'


@pytest.mark.parametrize("path", [f"{URL}/api/v2/alerts", f"/api/v2/alerts?key={KEY}"])
def test_it_takes_what_prometheus_sends_straight(post, path):
    assert post(path, payload("prometheus")).status_code == 200
    alert = Alert.objects.get()
    assert (alert.title, alert.severity, alert.state) == ("db-1 is gone", Level.P0, "firing")
    assert alert.expires_at == datetime(2026, 11, 18, 8, 4, 0, 500000, tzinfo=UTC)


def test_it_ends_what_prometheus_says_is_over(post):
    post(f"{URL}/api/v2/alerts", payload("prometheus"))
    over = [payload("prometheus")[0] | {"endsAt": "2026-11-18T07:59:30Z"}]
    post(f"{URL}/api/v2/alerts", over)
    assert [state for _, state in states()] == ["resolved"]


def test_it_ends_after_five_minutes_what_has_no_end_and_is_not_sent_again(post, frozen, now):
    lasting = [{"labels": {"alertname": "Full"}}]
    for _ in range(4):
        post(f"{URL}/api/v2/alerts", lasting)
        frozen.shift(timedelta(minutes=4))
        expire(now + timedelta(minutes=1))
    assert [state for _, state in states()] == ["firing"]
    expire(now + timedelta(minutes=18))
    assert [state for _, state in states()] == ["resolved"]


def test_it_takes_labels_in_any_order_for_the_same_alert(post):
    for labels in ({"a": "1", "alertname": "X"}, {"alertname": "X", "a": "1"}):
        post(f"{URL}/api/v2/alerts", [{"labels": labels}])
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("header", ["Bearer {}", "Basic {}"])
def test_it_takes_the_key_as_prometheus_can_give_it(post, header):
    given = base64.b64encode(f"prometheus:{KEY}".encode()).decode() if "Basic" in header else KEY
    answer = post("/api/v2/alerts", payload("prometheus"), Authorization=header.format(given))
    assert answer.status_code == 200


@pytest.mark.parametrize(("header", "status"), [("", 401), ("Basic !", 401), ("Bearer nonsense", 404)])
def test_it_takes_nothing_without_a_key(post, header, status):
    answer = post("/api/v2/alerts", payload("prometheus"), **({"Authorization": header} if header else {}))
    assert answer.status_code == status
    assert not Arrival.objects.exists()
