"""The pages of alerts name who sent them, and what was changed shortly before."""

import pytest

from monitoring.alerts.models import Alert
from tests.monitoring import make
from tests.monitoring.inbound.conftest import KEY, integration, payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(post):
    integration(name="Prometheus of the cluster")
    post(f"/in/alertmanager/{KEY}", payload("alertmanager"))
    return Alert.objects.get()


def test_it_names_who_sent_it(signed_in, viewer, alert):
    client = signed_in(viewer)
    for path in ("/monitoring/alerts/", f"/monitoring/alerts/{alert.pk}/"):
        page = client.get(path).text
        assert "Prometheus of the cluster" in page
        assert alert.source not in page


def test_it_leads_managers_to_the_integration(signed_in, manager, alert):
    assert "/monitoring/inbound/" in signed_in(manager).get(f"/monitoring/alerts/{alert.pk}/").text


def test_it_says_the_source_of_what_is_removed(signed_in, viewer, alert):
    integration(key="f" * 32)
    Alert.objects.update(source="inbound:999")
    assert "inbound:999" in signed_in(viewer).get(f"/monitoring/alerts/{alert.pk}/").text


def test_it_shows_what_was_changed_shortly_before(signed_in, viewer, alert):
    make.change("Checkout 4.2 is out", alert.starts_at)
    assert "Checkout 4.2 is out" in signed_in(viewer).get(f"/monitoring/alerts/{alert.pk}/").text


def test_it_leads_to_what_the_sender_links(signed_in, viewer, post):
    integration("grafana", name="Grafana")
    post(f"/in/grafana/{KEY}", payload("grafana"))
    page = signed_in(viewer).get(f"/monitoring/alerts/{Alert.objects.get().pk}/").text
    assert 'href="https://grafana.example.com/alerting/silence/new?alertmanager=grafana"' in page


def test_it_takes_what_the_sender_says_for_text(signed_in, viewer, post):
    integration("webhook")
    post(
        f"/in/webhook/{KEY}",
        {"title": "<b>x", "url": "javascript:alert(1)", "y": "<script>alert(1)</script>"},
    )
    page = signed_in(viewer).get(f"/monitoring/alerts/{Alert.objects.get().pk}/").text
    assert "<b>x" not in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
