"""Whoever is deactivated, or changes the password, is out at once: session, key and link."""

import pytest
from django.test import Client, RequestFactory

from opsconsole.accounts.keys import holder_of
from opsconsole.accounts.models import Scope
from opsconsole.accounts.services import api_key_create, password_set, user_deactivate, user_reactivate
from tests.opsconsole.accounts.conftest import PASSWORD
from tests.opsconsole.accounts.test_sign_in import enter

PROFILE = "/settings/profile/"


@pytest.fixture
def vera(viewer):
    return password_set(user=viewer, password=PASSWORD)


@pytest.fixture
def veras_browser(vera):
    browser = Client()
    enter(browser, "vera@example.com")
    assert browser.get(PROFILE).status_code == 200
    return browser


def test_it_ends_the_session_of_somebody_deactivated(owner, vera, veras_browser, now):
    user_deactivate(actor=owner, user=vera, now=now)
    assert veras_browser.get(PROFILE).status_code == 302


def test_it_ends_the_keys_of_somebody_deactivated(owner, vera, now):
    _, token = api_key_create(actor=vera, user=vera, name="x", scope=Scope.READ)
    request = RequestFactory().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert holder_of(request, Scope.READ)
    user_deactivate(actor=owner, user=vera, now=now)
    assert holder_of(request, Scope.READ) is None


def test_it_brings_neither_back_with_the_person(owner, vera, veras_browser, now):
    key, _ = api_key_create(actor=vera, user=vera, name="x", scope=Scope.READ)
    user_deactivate(actor=owner, user=vera, now=now)
    user_reactivate(actor=owner, user=vera)
    assert veras_browser.get(PROFILE).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at == now


def test_it_leaves_the_others_signed_in(signed_in, owner, manager, vera, now):
    client = signed_in(manager)
    user_deactivate(actor=owner, user=vera, now=now)
    assert client.get(PROFILE).status_code == 200


def test_it_ends_the_other_sessions_when_the_password_changes(vera, veras_browser):
    here = Client()
    enter(here, "vera@example.com")
    given = {
        "old_password": PASSWORD,
        "new_password1": "another four words here",
        "new_password2": "another four words here",
    }
    assert here.post(f"{PROFILE}password/", given)["Location"] == PROFILE
    assert here.get(PROFILE).status_code == 200
    assert veras_browser.get(PROFILE).status_code == 302


def test_it_takes_the_role_away_at_once(owner, vera, veras_browser):
    assert veras_browser.get("/settings/audit/").status_code == 403
    type(vera).objects.update(role="owner")
    assert veras_browser.get("/settings/audit/").status_code == 200
    type(vera).objects.filter(pk=vera.pk).update(role="viewer")
    assert veras_browser.get("/settings/audit/").status_code == 403
