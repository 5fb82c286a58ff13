"""The first visit makes one owner, and the page closes for good."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from maintenance.setup import views
from maintenance.setup.services import console_set_up
from opsconsole.accounts.models import Team, User
from opsconsole.outbox.models import Channel
from tests.conftest import NOW

URL = "/setup/"
GIVEN = {
    "team_name": "Acme",
    "name": "Olga",
    "email": "Olga@Example.com",
    "password": "four words make one",
    "time_zone": "Europe/Vienna",
}
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/settings/profile/", "/sign-in/"])
def test_it_is_where_the_first_visitor_lands(client, path):
    assert client.get(path)["Location"] == URL


def test_it_makes_owner_team_and_channel_and_signs_in(client):
    assert client.post(URL, GIVEN)["Location"] == "/setup/next/"
    owner = User.objects.get()
    assert (owner.email, owner.role) == ("olga@example.com", "owner")
    assert (Team.objects.get().name, Team.objects.get().time_zone) == ("Acme", "Europe/Vienna")
    assert (Channel.objects.get().config, Channel.objects.get().user) == (
        {"address": "olga@example.com"},
        owner,
    )
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_it_leads_whoever_came_second_to_the_sign_in(client, monkeypatch):
    monkeypatch.setattr(views, "is_set_up", iter((False, True)).__next__)
    console_set_up(**GIVEN, now=NOW)
    answer = client.post(URL, GIVEN, follow=True)
    assert answer.redirect_chain == [("/sign-in/", 302)]
    assert "This console has its owner." in answer.text


def test_it_is_closed_afterwards(client, owner):
    assert client.get(URL)["Location"] == reverse("accounts:sign_in")
    assert client.post(URL, GIVEN)["Location"] == reverse("accounts:sign_in")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "short", "too short"),
        ("password", "olga@example.com", "too similar"),
        ("email", "olga", "is no mail address"),
        ("time_zone", "Mars/Olympus", "is not a time zone"),
        ("team_name", "", "product” is still empty: fill it in."),
    ],
)
def test_it_says_what_is_wrong(client, field, value, sentence):
    answer = client.post(URL, GIVEN | {field: value})
    assert sentence in answer.text
    assert not User.objects.exists()


def test_it_refuses_the_second_of_two_at_once():
    console_set_up(**GIVEN, now=NOW)
    with pytest.raises(ValidationError, match="has an owner already"):
        console_set_up(**GIVEN | {"email": "other@example.com"}, now=NOW)
    assert User.objects.count() == 1
