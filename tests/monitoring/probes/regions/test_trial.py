"""“Try it” from a region: its worker asks, the page waits and says so, and nothing is saved."""

from datetime import timedelta

import pytest
from django.conf import settings

from monitoring.probes import forms
from monitoring.probes.afar import KEPT, PATIENCE, trial_errand, trials_forget, trials_take
from monitoring.probes.models import Probe, RegionTrial
from monitoring.regions.services import region_report
from tests.monitoring import make
from tests.monitoring.probes.regions.conftest import EU, US
from tests.monitoring.probes.test_forms import NEW, given
from tests.monitoring.probes.test_trial import HTMX
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("team", "frozen")
SECOND = timedelta(seconds=1)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(settings, "OPSCONSOLE_ALLOWED_NETWORKS", ["127.0.0.1/32"])
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def tried(monkeypatch, now, server, signed_in, manager):
    """What the page shows of a form that is tried from a region, and the row that waits for its worker."""
    monkeypatch.setattr(forms, "are_offered", lambda: True)
    region_report(name=EU, now=now)

    def send(region: str = EU, **fields):
        data = given(make.service(), **{"url": server.url, "where": region} | fields) | {"try": "1"}
        return signed_in(manager).post(NEW, data, headers=HTMX).text, RegionTrial.objects.last()

    return send


def look(client, row: RegionTrial, **headers: str) -> str:
    return str(client.get(f"/monitoring/probes/trials/{row.pk}/", headers=headers).text)


def test_it_offers_where_to_try_from(tried, signed_in, manager):
    make.service()
    shown = signed_in(manager).get(NEW).text
    assert '<option value="eu-west">from eu-west</option>' in shown and "from here" in shown


def test_it_waits_for_the_worker_of_the_region(tried, server, signed_in, manager, now):
    shown, row = tried()
    assert "Waiting for eu-west to ask" in shown and f"/trials/{row.pk}/" in shown
    assert (trials_take(US, now), server.received) == (0, [])
    RegionTrial.objects.update(taken_at=now)
    assert "eu-west is asking now" in look(signed_in(manager), row, **HTMX)


def test_it_shows_what_came_back_to_the_region(tried, signed_in, manager, now):
    _, row = tried(keyword_present="Welcome <b>")
    assert (trials_take(EU, now, aside=False), trials_take(EU, now)) == (1, 0)
    shown = look(signed_in(manager), row, **HTMX)
    assert "What came back to eu-west" in shown and "hx-get" not in shown
    assert "does not contain “Welcome &lt;b&gt;”" in shown and "Nothing was saved." in shown
    assert not Probe.objects.exists()


def test_it_has_a_page_for_those_without_scripts(tried, signed_in, manager):
    _, row = tried()
    assert "<h1>Tried from eu-west</h1>" in look(signed_in(manager), row)


def test_it_says_at_once_that_a_region_is_silent(tried, now):
    region_report(name=EU, now=now - 61 * SECOND)
    shown, row = tried()
    assert "eu-west is silent: nothing has been heard from its worker" in shown and row is None


@pytest.mark.parametrize(
    ("seen", "said"), [(0, "has brought no answer within 30 s"), (-70, "eu-west is silent")]
)
def test_it_gives_up_and_says_why(tried, signed_in, manager, frozen, now, seen, said):
    _, row = tried()
    frozen.move_to(now + PATIENCE + SECOND)
    region_report(name=EU, now=now + PATIENCE + seen * SECOND)
    shown = look(signed_in(manager), row, **HTMX)
    assert said in shown and "hx-get" not in shown
    assert trials_take(EU, now + PATIENCE + SECOND) == 0


def test_it_takes_no_region_that_does_not_exist(tried):
    shown, row = tried("nowhere")
    assert "It cannot be tried yet" in shown and row is None


def test_it_is_for_whoever_asked_alone(tried, signed_in, responder, owner, now):
    _, row = tried()
    assert trial_errand(actor=owner, pk=row.pk, now=now) is None
    assert signed_in(responder).get(f"/monitoring/probes/trials/{row.pk}/").status_code == 403


def test_it_keeps_secrets_sealed_and_for_an_hour(tried, now):
    _, row = tried(headers="X-Token: s3cret")
    assert row.given["secrets"] == {"headers": {"X-Token": "s3cret"}}
    assert not RegionTrial.objects.extra(where=["given LIKE '%%s3cret%%'"]).exists()
    assert (trials_forget(now + KEPT), trials_forget(now + KEPT + SECOND)) == (0, 1)
