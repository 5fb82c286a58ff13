"""Managers add, edit, pause and delete probes on pages; secrets are not shown again; what is wrong is said on the field."""

import pytest

from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.probes.headers import MASK
from monitoring.probes.models import Probe
from opsconsole.ui.forms import complaints
from tests.monitoring import make

NEW = "/monitoring/probes/new/"


def given(service, **fields):
    return {
        "service": service.pk,
        "name": "Front page",
        "url": "https://shop.example.com/",
        "method": "GET",
        "expected_status": "200-299",
        "follow_redirects": "on",
        "verify_tls": "on",
        "interval": "1 min",
        "retry_interval": "10 s",
        "timeout": "10 s",
        "failure_threshold": 2,
        "recovery_threshold": 1,
    } | fields


@pytest.mark.parametrize("path", ["new/", "{pk}/edit/"])
def test_it_is_for_managers(responder, signed_in, path):
    path = f"/monitoring/probes/{path.format(pk=make.probe().pk)}"
    client = signed_in(responder)
    assert client.get(path).status_code == 403
    assert client.post(path, given(make.service())).status_code == 403


@pytest.mark.parametrize("act", ["pause", "resume", "delete"])
def test_it_lets_only_managers_act(responder, signed_in, act):
    assert signed_in(responder).post(f"/monitoring/probes/{make.probe().pk}/{act}/").status_code == 403


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "check"])
def test_it_changes_nothing_on_get(manager, signed_in, act):
    assert signed_in(manager).get(f"/monitoring/probes/{make.probe().pk}/{act}/").status_code == 405


def test_it_starts_from_the_service_one_came_from(manager, signed_in):
    service = make.service()
    page = signed_in(manager).get(NEW, {"service": service.slug}).content.decode()
    assert f'<option value="{service.pk}" selected>' in page


def test_it_adds_a_probe_that_is_due_at_once(manager, signed_in, frozen, now):
    signed_in(manager).post(
        NEW, given(make.service(), headers="Authorization: Bearer x", latency_degraded_ms="800")
    )
    probe = Probe.objects.get()
    assert (probe.interval, probe.next_at, probe.config["latency_degraded_ms"]) == (60, now, 800)
    assert probe.secrets == {"headers": {"Authorization": "Bearer x"}}


def test_it_completes_an_address_without_its_scheme(manager, signed_in):
    signed_in(manager).post(NEW, given(make.service(), url=" shop.example.com/cart "))
    assert Probe.objects.get().config["url"] == "https://shop.example.com/cart"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("url", "https://intranet.example.com/", "add its network to OPSCONSOLE_ALLOWED_NETWORKS"),
        ("url", "http://127.0.0.1:1/", "private address"),
        ("url", "ftp://shop.example.com/", "http:// or https://"),
        ("url", "https://user:pass@shop.example.com/", "Signing in"),
        ("url", "http://[::1", "not an address"),
        ("expected_status", "2xx", "Write status codes as ranges"),
        ("interval", "1 s", "Choose 5 s or more."),
        ("interval", "often", "Write a duration"),
        ("retry_interval", "1 h", "It is asked again in 1 min anyway; choose no more."),
        ("headers", "nonsense", "is not a header"),
        ("latency_degraded_ms", "fast", "is no whole number"),
        ("failure_threshold", "0", "must be 1 or more"),
        ("service", "999", "has no such choice"),
        ("name", "Taken", "has a probe of this name already"),
    ],
)
def test_it_says_what_is_wrong_on_the_field(manager, signed_in, field, value, sentence):
    make.probe("Taken")
    page = signed_in(manager).post(NEW, given(make.service()) | {field: value})
    assert page.status_code == 200
    assert sentence in " ".join(complaints(page.context["form"][field]))


def test_it_lets_the_usual_retry_give_way_to_a_shorter_interval(manager, signed_in):
    signed_in(manager).post(NEW, given(make.service(), interval="5 s"))
    assert Probe.objects.get().retry_interval == 5


def test_it_opens_the_fold_that_hides_an_error(manager, signed_in):
    page = signed_in(manager).post(NEW, given(make.service(), expected_status="x")).content.decode()
    assert '<details class="more-fields" open><summary>What a good answer is' in page


def test_it_keeps_secrets_that_are_not_shown(manager, signed_in):
    probe = make.probe(secrets={"headers": {"Authorization": "Bearer s3cret"}})
    client, path = signed_in(manager), f"/monitoring/probes/{probe.pk}/edit/"
    page = client.get(path).content.decode()
    assert (f"Authorization: {MASK}" in page, "s3cret" in page) == (True, False)
    client.post(path, given(probe.service, headers=f"Authorization: {MASK}", name="Renamed"))
    probe.refresh_from_db()
    assert (probe.name, probe.secrets["headers"]) == ("Renamed", {"Authorization": "Bearer s3cret"})


def test_it_pauses_and_resumes(manager, signed_in):
    probe = make.probe(status=Status.UP)
    client = signed_in(manager)
    client.post(f"/monitoring/probes/{probe.pk}/pause/")
    assert Probe.objects.get().status == Status.PAUSED
    client.post(f"/monitoring/probes/{probe.pk}/resume/")
    assert Probe.objects.get().status == Status.UNKNOWN


def test_it_deletes(manager, signed_in):
    page = signed_in(manager).post(f"/monitoring/probes/{make.probe().pk}/delete/")
    assert page["Location"] == "/monitoring/services/web-shop/"
    assert not Probe.objects.exists()


SERVICE = {"name": "Payments", "tier": "1", "uptime_target": "99.9"}


def test_it_creates_a_service_with_its_first_probe_in_one_step(manager, signed_in):
    signed_in(manager).post("/monitoring/services/new/", SERVICE | {"url": "shop.example.com/pay"})
    probe = Probe.objects.get()
    assert (probe.service.name, probe.name) == ("Payments", "Payments")
    assert probe.config["url"] == "https://shop.example.com/pay"


def test_it_creates_neither_for_a_private_address(manager, signed_in):
    page = signed_in(manager).post("/monitoring/services/new/", SERVICE | {"url": "http://10.0.0.7/"})
    assert "OPSCONSOLE_ALLOWED_NETWORKS" in page.content.decode()
    assert not Service.objects.exists()


def test_it_creates_a_service_without_an_address(manager, signed_in):
    signed_in(manager).post("/monitoring/services/new/", SERVICE | {"url": ""})
    assert (Service.objects.count(), Probe.objects.count()) == (1, 0)


def test_it_leads_to_the_first_service_where_there_is_none_to_watch(manager, signed_in):
    page = signed_in(manager).get(NEW).text
    assert "There is no service yet" in page and "Choose a service" not in page
