"""An invited person sets their own password, once, within three days."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from opsconsole.accounts.models import User
from opsconsole.accounts.services import invitation_send
from opsconsole.outbox.models import Delivery
from tests.opsconsole.accounts.test_password_reset import follow, mailed_link

URL = "/settings/people/invite/"
GIVEN = {"email": "Nina@Example.com", "name": "Nina", "role": "responder"}


@pytest.fixture
def invited(signed_in, owner):
    return signed_in(owner).post(URL, GIVEN)


def test_it_mails_the_link_and_shows_it_once(invited):
    assert mailed_link() in invited.text
    assert Delivery.objects.get().recipient == "nina@example.com"
    assert "no-store" in invited["Cache-Control"]


def test_it_makes_a_person_who_cannot_sign_in_yet(invited):
    nina = User.objects.get(email="nina@example.com")
    assert (nina.role, nina.has_usable_password()) == ("responder", False)


def test_it_signs_the_person_in_with_their_own_password(invited, client):
    client.logout()
    assert follow(client, mailed_link()).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(name="Nina").pk)


@pytest.mark.parametrize(("hours", "status"), [(71.9, 302), (72.1, 410)])
def test_it_lasts_three_days(frozen, invited, client, hours, status):
    client.logout()
    frozen.shift(timedelta(hours=hours))
    assert client.get(mailed_link()).status_code == status


def test_it_works_once(invited, client):
    client.logout()
    follow(client, mailed_link())
    client.logout()
    assert client.get(mailed_link()).status_code == 410


def test_it_dies_when_the_role_changes(invited, client):
    User.objects.filter(name="Nina").update(role="manager")
    client.logout()
    assert client.get(mailed_link()).status_code == 410


def test_it_can_be_repeated(invited, client, frozen):
    nina = User.objects.get(name="Nina")
    frozen.shift(timedelta(days=4))
    again = client.post(f"/settings/people/{nina.pk}/invite/")
    assert mailed_link() in again.text


def test_it_refuses_an_address_that_is_taken_in_any_spelling(signed_in, owner):
    answer = signed_in(owner).post(URL, GIVEN | {"email": "OLGA@example.com"})
    assert "uses this address already" in answer.text


def test_it_is_for_owners_only(signed_in, manager):
    client = signed_in(manager)
    assert client.get(URL).status_code == 403
    assert client.post(URL, GIVEN).status_code == 403
    assert not User.objects.filter(name="Nina").exists()


def test_it_is_not_for_somebody_who_has_a_password(signed_in, owner, manager):
    """Whoever sees the link could sign in as them."""
    manager.set_password("three words and more")
    manager.save()
    answer = signed_in(owner).post(f"/settings/people/{manager.pk}/invite/", follow=True)
    assert "needs no invitation" in answer.text
    assert not Delivery.objects.exists()


def test_it_is_not_for_somebody_deactivated(invited, owner, now):
    nina = User.objects.get(name="Nina")
    nina.is_active = False
    with pytest.raises(ValidationError, match="needs no invitation"):
        invitation_send(actor=owner, user=nina, now=now)
