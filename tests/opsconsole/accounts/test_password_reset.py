"""A link by mail, for once and for a day."""

import re
from datetime import timedelta

import pytest

from opsconsole.accounts.models import User
from opsconsole.outbox.models import Delivery
from tests.opsconsole.accounts.conftest import PASSWORD
from tests.opsconsole.accounts.test_sign_in import enter

NEW = "five other words stand here"


def ask(client, email="olga@example.com"):
    return client.post("/password/", {"email": email})


def mailed_link():
    text = Delivery.objects.latest("id").content["text"]
    return re.findall(r"https?://[^/]+(/password/set/\S+)", text)[0]


def follow(client, link, password=NEW):
    form = client.get(link)
    return (
        client.post(form["Location"], {"new_password1": password, "new_password2": password})
        if form.status_code == 302
        else form
    )


def test_it_mails_a_link_that_sets_the_password_and_signs_in(client, olga):
    ask(client)
    assert follow(client, mailed_link())["Location"] == "/"
    assert client.session["_auth_user_id"] == str(olga.pk)
    assert User.objects.get().check_password(NEW)


def test_it_answers_the_same_for_an_unknown_address(client, olga):
    known, unknown = ask(client), ask(client, "nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Delivery.objects.count() == 1


def test_it_mails_once_however_often_one_asks_in_a_minute(client, olga, frozen):
    ask(client), ask(client, "OLGA@example.com")
    assert Delivery.objects.count() == 1


def test_it_mails_another_at_once_when_the_first_was_used(client, olga, frozen):
    ask(client)
    follow(client, mailed_link())
    client.logout()
    ask(client)
    assert Delivery.objects.count() == 2


def test_it_works_once(client, olga):
    ask(client)
    follow(client, mailed_link())
    client.logout()
    answer = client.get(mailed_link())
    assert answer.status_code == 410
    assert "no longer works" in answer.text


@pytest.mark.parametrize(("hours", "status"), [(23.9, 302), (24.1, 410)])
def test_it_lasts_a_day(client, olga, frozen, hours, status):
    ask(client)
    frozen.shift(timedelta(hours=hours))
    assert client.get(mailed_link()).status_code == status


def test_it_dies_when_the_role_changes(client, olga):
    ask(client)
    User.objects.update(role="viewer")
    assert client.get(mailed_link()).status_code == 410


def test_it_dies_when_the_person_is_deactivated(client, olga):
    ask(client)
    User.objects.update(is_active=False)
    assert client.get(mailed_link()).status_code == 410


@pytest.mark.parametrize("path", ["x/y", "MQ/abc-def", "MQ/set-password", "OTk/abc-def"])
def test_it_refuses_a_made_up_link_with_a_sentence(client, olga, path):
    answer = client.get(f"/password/set/{path}/")
    assert answer.status_code == 410


def test_it_refuses_a_weak_password(client, olga):
    ask(client)
    assert "too common" in follow(client, mailed_link(), "password123").text


def test_it_keeps_the_link_out_of_the_referrer(client, olga):
    ask(client)
    assert client.get(mailed_link())["Location"].endswith("/set-password/")


def test_it_ends_the_sessions_elsewhere(client, olga, django_user_model):
    elsewhere = type(client)()
    enter(elsewhere)
    ask(client)
    follow(client, mailed_link())
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert client.get("/settings/profile/").status_code == 200
    assert not User.objects.get().check_password(PASSWORD)
