"""Signing in by e-mail and out again."""

import pytest
from django.urls import reverse

from tests.opsconsole.accounts.conftest import PASSWORD

URL = "/sign-in/"


def enter(client, email="olga@example.com", password=PASSWORD, **more):
    return client.post(URL, {"username": email, "password": password, **more})


def test_it_signs_in_and_leads_to_today(client, olga):
    assert enter(client)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(olga.pk)


def test_it_does_not_mind_the_case_of_the_address(client, olga):
    assert enter(client, "Olga@Example.COM").status_code == 302


def test_it_leads_to_the_page_one_came_from(client, olga):
    assert enter(client, next="/settings/profile/")["Location"] == "/settings/profile/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(client, olga, elsewhere):
    assert enter(client, next=elsewhere)["Location"] == "/"


def test_it_changes_the_session_key(client, olga):
    client.get(URL)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    enter(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("email", ["olga@example.com", "nobody@example.com"])
def test_it_says_the_same_for_a_wrong_password_and_an_unknown_address(client, olga, email):
    answer = enter(client, email, "not the password")
    assert "do not belong together" in answer.text


def test_it_refuses_somebody_deactivated_like_anybody_unknown(client, olga):
    olga.is_active = False
    olga.save()
    assert "do not belong together" in enter(client).text


def test_it_says_what_is_missing(client, olga):
    assert client.post(URL, {}).text.count("is still empty: fill it in.") == 2


def test_it_leads_on_who_is_signed_in_already(signed_in, olga):
    assert signed_in(olga).get(URL).status_code == 302


def test_it_signs_out_by_post_only(signed_in, olga):
    client = signed_in(olga)
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    assert client.post(reverse("accounts:sign_out"))["Location"] == URL
    assert "_auth_user_id" not in client.session
