"""Managers add, edit and delete services on pages; what is wrong is said on the field."""

import pytest
from django import forms

from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.starters import Starter, starters
from opsconsole.ui.forms import complaints
from tests.monitoring import make

NEW = "/monitoring/services/new/"
GIVEN = {"name": "Payments", "tier": "1", "uptime_target": "99.95", "description": "", "runbook_url": ""}


@pytest.fixture(autouse=True)
def _no_starters(monkeypatch):
    monkeypatch.setattr(starters, "_entries", {})


@pytest.mark.parametrize("path", ["new/", "web-shop/edit/"])
def test_it_is_for_managers(responder, signed_in, path):
    make.service()
    client = signed_in(responder)
    assert client.get(f"/monitoring/services/{path}").status_code == 403
    assert client.post(f"/monitoring/services/{path}", GIVEN).status_code == 403


def test_it_lets_only_managers_delete(responder, signed_in):
    make.service()
    assert signed_in(responder).post("/monitoring/services/web-shop/delete/").status_code == 403


def test_it_takes_the_first_service_for_the_product_itself(manager, signed_in):
    client = signed_in(manager)
    assert client.get(NEW).context["form"]["tier"].value() == Tier.CRITICAL
    make.service()
    assert client.get(NEW).context["form"]["tier"].value() == Tier.IMPORTANT


def test_it_adds_a_service(manager, signed_in):
    page = signed_in(manager).post(NEW, GIVEN, follow=True)
    assert page.redirect_chain == [("/monitoring/services/payments/", 302)]
    assert "Payments is in the catalogue." in page.content.decode()
    assert Service.objects.get().target == "99.95"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "“Name” is still empty: fill it in."),
        ("name", "Web shop", "There is a service with this name already."),
        ("uptime_target", "5", "between 50 and 100"),
        ("runbook_url", "javascript:alert(1)", "is no web address"),
        ("tier", "9", "has no such choice"),
        ("depends_on", "9" * 40, "has no such choice"),
    ],
)
def test_it_says_what_is_wrong_on_the_field(manager, signed_in, field, value, sentence):
    make.service()
    page = signed_in(manager).post(NEW, GIVEN | {field: value})
    assert page.status_code == 200
    assert sentence in " ".join(complaints(page.context["form"][field]))


class Address(forms.Form):
    url = forms.CharField()


def test_it_creates_what_belongs_to_it_in_the_same_step(manager, signed_in):
    saved = []
    starters.register("t", Starter(Address, lambda actor, service, form, now: saved.append((service, form))))
    signed_in(manager).post(NEW, GIVEN | {"url": "https://example.com"})
    assert saved[0][0] == Service.objects.get()
    assert saved[0][1].cleaned_data == {"url": "https://example.com"}


def test_it_creates_nothing_when_the_part_beside_is_refused(manager, signed_in):
    def refuse(actor, service, form, now):
        raise forms.ValidationError({"url": "This address is private."})

    starters.register("t", Starter(Address, refuse))
    page = signed_in(manager).post(NEW, GIVEN | {"url": "https://example.com"})
    assert "This address is private." in page.content.decode()
    assert not Service.objects.exists()


def test_it_edits_and_keeps_the_address(manager, signed_in):
    make.service()
    signed_in(manager).post("/monitoring/services/web-shop/edit/", GIVEN)
    assert Service.objects.get().slug == "web-shop"
    assert Service.objects.get().name == "Payments"


def test_it_refuses_a_circle_on_the_field(manager, signed_in):
    shop, api = make.service(), make.service("API")
    api.depends_on.add(shop)
    page = signed_in(manager).post("/monitoring/services/web-shop/edit/", GIVEN | {"depends_on": [api.pk]})
    assert "take one of these away first" in page.content.decode()


def test_it_deletes_a_watched_service_only_by_its_name(manager, signed_in, watched):
    watched(make.service())
    client = signed_in(manager)
    page = client.post("/monitoring/services/web-shop/delete/", {"name": "shop"}, follow=True)
    assert "type Web shop to delete it" in page.content.decode()
    client.post("/monitoring/services/web-shop/delete/", {"name": "web shop"})
    assert not Service.objects.exists()


def test_it_deletes_an_unwatched_service_at_once(manager, signed_in, watched):
    make.service()
    signed_in(manager).post("/monitoring/services/web-shop/delete/")
    assert not Service.objects.exists()


def test_it_deletes_nothing_on_get(manager, signed_in):
    make.service()
    assert signed_in(manager).get("/monitoring/services/web-shop/delete/").status_code == 405


def test_it_keeps_links_and_requirements_as_they_were_written(manager, signed_in):
    given = GIVEN | {"links": "Logs https://logs.example.com/?from={from}", "requirements": "req-1, REQ-2"}
    signed_in(manager).post(NEW, given)
    service = Service.objects.get()
    assert service.requirements == ["REQ-1", "REQ-2"]
    form = signed_in(manager).get("/monitoring/services/payments/edit/").context["form"]
    assert form["links"].value() == given["links"]
    assert form["requirements"].value() == "REQ-1, REQ-2"


def test_it_says_on_the_field_what_is_wrong_with_a_link(manager, signed_in):
    form = signed_in(manager).post(NEW, GIVEN | {"links": "Logs javascript:alert(1)"}).context["form"]
    assert "is no web address" in complaints(form["links"])[0]
    assert form.advanced_open
