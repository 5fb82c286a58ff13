"""Five failures close an account for one network address, for a while."""

from datetime import timedelta

import pytest

from opsconsole.accounts.notices import carriers
from opsconsole.outbox.models import Delivery
from tests.opsconsole.accounts.conftest import PASSWORD
from tests.opsconsole.accounts.test_sign_in import enter

pytestmark = pytest.mark.usefixtures("locking", "frozen", "olga")


def fail(client, times=5, email="olga@example.com", **address):
    for _ in range(times):
        answer = client.post("/sign-in/", {"username": email, "password": "wrong"}, **address)
    return answer


def test_it_bears_four_failures(client):
    fail(client, 4)
    assert enter(client).status_code == 302


def test_it_locks_at_the_fifth_and_says_until_when(client):
    answer = fail(client)
    assert answer.status_code == 429
    assert "09:15 CET" in answer.text


def test_it_refuses_the_right_password_while_it_is_locked(client):
    fail(client)
    assert enter(client).status_code == 429


def test_it_counts_spellings_of_an_address_as_one(client):
    fail(client, 3)
    assert fail(client, 2, "OLGA@example.com").status_code == 429


def test_it_opens_again_when_it_said_whatever_was_tried_meanwhile(client, frozen):
    fail(client)
    frozen.shift(timedelta(minutes=14))
    assert "09:15 CET" in fail(client, 3).text
    frozen.shift(timedelta(minutes=1, seconds=1))
    assert enter(client).status_code == 302


def test_it_does_not_lock_the_person_at_another_address(client):
    fail(client)
    answer = client.post(
        "/sign-in/", {"username": "olga@example.com", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7"
    )
    assert answer.status_code == 302


def test_it_does_not_believe_a_forwarded_address_from_anybody(client):
    for last in range(5):
        answer = fail(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{last}")
    assert answer.status_code == 429


def test_it_tells_the_person_once(client):
    fail(client, 8)
    (notice,) = Delivery.objects.all()
    assert notice.recipient == "olga@example.com"
    assert "127.0.0.1" in notice.content["text"]


def test_it_answers_an_unknown_address_alike_and_tells_nobody(client):
    assert fail(client, email="nobody@example.com").status_code == 429
    assert not Delivery.objects.exists()


def test_it_has_a_carrier_for_notices():
    assert "outbox" in carriers


def test_it_tells_clients_behind_a_proxy_apart(client, settings):
    settings.OPSCONSOLE_PROXIES = 1
    fail(client, HTTP_X_FORWARDED_FOR="198.51.100.66")
    given = {"username": "olga@example.com", "password": PASSWORD}
    assert client.post("/sign-in/", given, HTTP_X_FORWARDED_FOR="198.51.100.66").status_code == 429
    assert client.post("/sign-in/", given, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302


@pytest.mark.parametrize(
    "email", ["x" * 300 + "@example.com", "a\x00b@example.com", "' or 1=1 --", "😀@example.com"]
)
def test_it_bears_any_address(client, email):
    assert client.post("/sign-in/", {"username": email, "password": "p\x00" * 5000}).status_code in (200, 429)
