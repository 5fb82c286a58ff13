"""Services are created, changed and deleted by managers; their dependencies form no circle."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.services import service_create, service_delete, service_update
from opsconsole.accounts.roles import SYSTEM


def create(name="Payments", **fields):
    return service_create(actor=SYSTEM, name=name, **fields)


def changed(manager, service, **fields):
    kept = {"name": service.name, "tier": service.tier, "owner": None, "description": "", "runbook_url": ""}
    kept |= {"uptime_target": "99.9", "links": [], "requirements": [], "depends_on": []}
    return service_update(actor=manager, service=service, **(kept | fields))


def test_it_makes_the_slug_from_the_name_and_keeps_it(manager):
    service = service_create(actor=manager, name="Payments & Billing", tier=Tier.CRITICAL)
    changed(manager, service, name="Money")
    service.refresh_from_db()
    assert (service.name, service.slug) == ("Money", "payments-billing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"), [("New", "new-2"), ("支付", "service"), ("API", "api-2"), ("a" * 80, "a" * 70)]
)
def test_it_finds_a_slug_that_is_free(name, slug):
    create("api!")
    assert create(name).slug == slug


def test_it_refuses_a_name_that_is_taken(manager):
    create("Payments")
    with pytest.raises(ValidationError, match="a service named “Payments”"):
        service_create(actor=manager, name="Payments")


def test_it_refuses_a_target_above_a_hundred(manager):
    with pytest.raises(ValidationError, match="between 50 and 100"):
        service_create(actor=manager, name="Payments", uptime_target="100.5")


def test_it_refuses_a_circle_and_names_it(manager):
    database = create("Database")
    api = create("API", depends_on=[database])
    shop = create("Shop", depends_on=[api])
    with pytest.raises(
        ValidationError, match="Database cannot depend on Shop, because Shop → API → Database"
    ):
        changed(manager, database, depends_on=[shop])


def test_it_refuses_to_depend_on_itself(manager):
    api = create("API")
    with pytest.raises(ValidationError, match="API cannot depend on itself"):
        changed(manager, api, depends_on=[api])


def test_it_needs_a_manager(responder):
    service = create()
    for act in (
        lambda: service_create(actor=responder, name="API"),
        lambda: changed(responder, service),
        lambda: service_delete(actor=responder, service=service),
    ):
        with pytest.raises(PermissionDenied, match="needs the role manager"):
            act()


def test_it_deletes(manager):
    service_delete(actor=manager, service=create())
    assert not Service.objects.exists()
