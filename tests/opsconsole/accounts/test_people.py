"""Who may come in, and as what."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from opsconsole.accounts import services
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import MEANING, Role
from tests import make

URL = "/settings/people/"


def test_it_shows_everybody_to_everybody(signed_in, viewer):
    page = signed_in(viewer).get(URL).text
    assert "2 people can come in" in page
    assert "Invite somebody" not in page


def test_it_says_what_each_role_may(signed_in, viewer):
    page = signed_in(viewer).get(URL).text
    assert all(meaning in page for meaning in MEANING.values())


def test_it_is_behind_the_sign_in(client, owner):
    assert client.get(URL)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["", "deactivate/", "reactivate/", "invite/"])
def test_it_lets_only_owners_change(signed_in, manager, viewer, path):
    assert signed_in(manager).post(f"{URL}{viewer.pk}/{path}", {}).status_code == 403
    viewer.refresh_from_db()
    assert viewer.is_active


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, user, now: services.user_invite(
            actor=actor, email="n@example.com", name="N", role=Role.VIEWER, now=now
        ),
        lambda actor, user, now: services.invitation_send(actor=actor, user=user, now=now),
        lambda actor, user, now: services.user_update(actor=actor, user=user, name="V", role=Role.OWNER),
    ],
)
def test_it_obeys_only_owners(manager, viewer, now, act):
    with pytest.raises(PermissionDenied, match="needs the role owner"):
        act(manager, viewer, now)


def test_it_changes_a_role(signed_in, owner, viewer):
    signed_in(owner).post(f"{URL}{viewer.pk}/", {"name": "Vera", "role": "responder"})
    viewer.refresh_from_db()
    assert viewer.role == Role.RESPONDER


def test_it_refuses_a_role_that_is_none(signed_in, owner, viewer):
    answer = signed_in(owner).post(f"{URL}{viewer.pk}/", {"name": "Vera", "role": "emperor"})
    assert "has no such choice" in answer.text


def test_it_keeps_the_last_owner(signed_in, owner):
    client = signed_in(owner)
    answer = client.post(f"{URL}{owner.pk}/", {"name": "Olga", "role": "viewer"})
    assert "Make somebody else an owner first" in answer.text
    assert "Make somebody else" in client.post(f"{URL}{owner.pk}/deactivate/", follow=True).text
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)


@pytest.mark.parametrize("other", [{"is_active": False, "password": "usable"}, {"password": "!"}])
def test_it_does_not_count_an_owner_who_cannot_sign_in(owner, now, other):
    make.user("Otto", Role.OWNER)
    User.objects.exclude(pk=owner.pk).update(**other)
    with pytest.raises(ValidationError, match="who can sign in"):
        services.user_deactivate(actor=owner, user=owner, now=now)


def test_it_lets_an_owner_go_when_there_is_another(signed_in, owner):
    second = make.user("Otto", Role.OWNER)
    signed_in(second).post(f"{URL}{owner.pk}/deactivate/")
    owner.refresh_from_db()
    assert not owner.is_active


def test_it_lets_somebody_in_again(signed_in, owner, viewer):
    client = signed_in(owner)
    client.post(f"{URL}{viewer.pk}/deactivate/")
    client.post(f"{URL}{viewer.pk}/reactivate/")
    viewer.refresh_from_db()
    assert viewer.is_active


def test_it_knows_nobody_by_a_number_that_is_none(signed_in, owner):
    assert signed_in(owner).get(f"{URL}999/").status_code == 404


def test_it_asks_the_database_as_often_for_many(signed_in, owner, django_assert_max_num_queries):
    User.objects.bulk_create(User(email=f"p{n}@example.com", name=f"P {n}", password="!") for n in range(60))
    client = signed_in(owner)
    with django_assert_max_num_queries(8):
        assert "P 59" in client.get(reverse("accounts:people")).text
