"""Keys of machines: made, shown once, used, revoked."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from opsconsole.accounts.keys import holder_of
from opsconsole.accounts.models import ApiKey, Scope
from opsconsole.accounts.services import api_key_create, api_key_revoke, api_key_used
from tests.conftest import NOW

URL = "/settings/keys/"
GIVEN = {"name": "Prometheus", "scope": "read", "days": "90"}


def calling(token, kind="Bearer"):
    return RequestFactory().get("/metrics", headers={"Authorization": f"{kind} {token}"})


def caller(token):
    key = holder_of(calling(token), Scope.READ)
    return key and key.user


@pytest.fixture
def token(viewer, frozen):
    return api_key_create(actor=viewer, user=viewer, name="Prometheus", scope=Scope.WRITE)[1]


def test_it_shows_a_new_key_once(signed_in, viewer):
    client = signed_in(viewer)
    answer = client.post(URL, GIVEN)
    shown = re.findall(r"oc_[\w-]{40}", answer.text)
    assert len(shown) == 1
    assert "no-store" in answer["Cache-Control"]
    assert shown[0] not in client.get(URL).text
    assert caller(shown[0]) == viewer


def test_it_stores_only_the_digest(token):
    key = ApiKey.objects.get()
    assert token not in f"{key.digest}{key.prefix}"


def test_it_ends_when_it_said(signed_in, viewer, frozen):
    signed_in(viewer).post(URL, GIVEN | {"days": "30"})
    assert ApiKey.objects.get().expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(("field", "value"), [("scope", "root"), ("days", "1000000"), ("name", "")])
def test_it_refuses_what_it_does_not_offer(signed_in, viewer, field, value):
    assert 'class="errors"' in signed_in(viewer).post(URL, GIVEN | {field: value}).text
    assert not ApiKey.objects.exists()


def test_it_knows_the_holder(token, viewer):
    assert caller(token) == viewer
    assert holder_of(calling(token, "bearer"), Scope.WRITE)


def test_it_reaches_as_far_as_its_scope(token):
    assert holder_of(calling(token), Scope.ADMIN) is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic b2M6eA==", "Bearer oc_wrong", "Bearer é"])
def test_it_refuses_anything_else(db, header):
    assert holder_of(RequestFactory().get("/", headers={"Authorization": header}), Scope.READ) is None
    assert holder_of(RequestFactory().get("/"), Scope.READ) is None


def test_it_refuses_a_key_that_is_over(token, frozen):
    ApiKey.objects.update(expires_at=NOW + timedelta(days=1))
    frozen.shift(timedelta(days=1))
    assert holder_of(calling(token), Scope.READ) is None


def test_it_notes_the_use_once_a_minute(token, frozen, django_assert_num_queries):
    holder_of(calling(token), Scope.READ)
    frozen.shift(timedelta(seconds=59))
    with django_assert_num_queries(1):
        holder_of(calling(token), Scope.READ)
    assert ApiKey.objects.get().last_used_at == NOW
    frozen.shift(timedelta(seconds=1))
    holder_of(calling(token), Scope.READ)
    assert ApiKey.objects.get().last_used_at == NOW + timedelta(minutes=1)


def test_it_remembers_the_latest_of_two_uses_at_once_and_the_first_revocation(token, viewer, now):
    key = ApiKey.objects.get()
    for minutes in (2, 1):
        api_key_used(key=key, now=now + timedelta(minutes=minutes))
        api_key_revoke(actor=viewer, key=key, now=now + timedelta(minutes=3 - minutes))
    key = ApiKey.objects.get()
    assert (key.last_used_at, key.revoked_at) == (now + timedelta(minutes=2), now + timedelta(minutes=1))


def test_it_is_revoked_by_its_person(token, signed_in, viewer):
    signed_in(viewer).post(f"{URL}{ApiKey.objects.get().pk}/revoke/")
    assert holder_of(calling(token), Scope.READ) is None


def test_it_hides_the_keys_of_others(token, signed_in, manager):
    client = signed_in(manager)
    assert "Prometheus" not in client.get(URL).text.replace('placeholder="Prometheus"', "")
    assert client.post(f"{URL}{ApiKey.objects.get().pk}/revoke/").status_code == 404


def test_it_is_nobody_elses_to_make_or_revoke(token, viewer, manager, now):
    with pytest.raises(PermissionDenied):
        api_key_create(actor=manager, user=viewer, name="Theirs", scope=Scope.READ)
    with pytest.raises(PermissionDenied):
        api_key_revoke(actor=manager, key=ApiKey.objects.get(), now=now)


def test_it_lets_an_owner_revoke_any(token, signed_in, owner):
    signed_in(owner).post(f"{URL}{ApiKey.objects.get().pk}/revoke/")
    assert ApiKey.objects.get().revoked_at


def test_it_asks_the_database_as_often_for_many(
    token, signed_in, owner, viewer, django_assert_max_num_queries
):
    for n in range(30):
        api_key_create(actor=viewer, user=viewer, name=f"Key {n}", scope=Scope.READ)
    client = signed_in(owner)
    with django_assert_max_num_queries(8):
        assert "31 API keys are open" in client.get(URL).text
