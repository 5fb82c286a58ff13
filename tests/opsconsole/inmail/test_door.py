"""The address that mail servers post to."""

import pytest
from django.db import DatabaseError

from opsconsole.inmail import services, views
from opsconsole.inmail.models import Message
from tests.opsconsole.inmail.conftest import MAIL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_it_stores_a_mail_before_it_answers(post, now):
    answer = post(MAIL, "?to=a@example.com&to=b@example.com")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    kept = Message.objects.get()
    assert (kept.raw, kept.at, kept.fate) == (MAIL, now, "waiting")
    assert kept.envelope == ["a@example.com", "b@example.com"]


def test_it_answers_a_repetition_the_same_and_keeps_one(post):
    assert post(MAIL).json() == post(MAIL).json()
    assert Message.objects.count() == 1


def test_it_keeps_one_for_each_that_a_mail_server_hands_over_by_itself(post):
    for to in ("a@example.com", "b@example.com", "b@example.com"):
        post(MAIL, f"?to={to}")
    assert Message.objects.count() == 2


def test_it_takes_a_plus_in_an_address_for_what_it_is(post):
    post(MAIL, "?to=job+nightly@example.com")
    assert Message.objects.get().envelope == ["job+nightly@example.com"]


def test_it_takes_two_that_are_alike_and_have_no_id_for_two(post):
    for _ in range(2):
        post(b"From: a@example.com\n\nMessage-ID: <in the body>")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("raw", [b"\x00\xff\xfe", b"no mail", b"From: \n" * 5000, b"\r\n\r\nx"])
def test_it_stores_what_is_malformed(post, raw):
    assert post(raw).status_code == 200
    assert Message.objects.get().raw == raw


@pytest.mark.parametrize(
    ("raw", "status"), [(b"x" * 1_000_001, 413), (b"x" * 1_000_000, 200), (b"", 400), (b" \n", 400)]
)
def test_it_refuses_what_is_too_large_or_nothing(post, monkeypatch, raw, status):
    monkeypatch.setattr(views, "LIMIT", 1_000_000)
    assert post(raw).status_code == status
    assert Message.objects.count() == (status == 200)


def test_it_refuses_what_is_packed(client, key):
    answer = client.generic("POST", f"/in/email/{key}", b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, "without Content-Encoding" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize("by", ["wrong", "ä", "x" * 500])
def test_it_knows_no_other_key(post, by):
    assert post(MAIL, by=by).status_code == 404
    assert not Message.objects.exists()


def test_it_knows_no_key_where_none_was_made(client, team):
    assert client.post("/in/email/x", data=MAIL, content_type="message/rfc822").status_code == 404


def test_it_opens_no_more_by_a_former_key(post, manager, now):
    services.mailbox_key(actor=manager, now=now)
    assert post(MAIL).status_code == 404


def test_it_wants_a_post(client, key):
    assert client.get(f"/in/email/{key}").status_code == 405


def test_it_says_when_it_could_not_store(post, monkeypatch):
    def broken(**_given):
        raise DatabaseError("locked")

    monkeypatch.setattr(services, "message_store", broken)
    answer = post(MAIL)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
