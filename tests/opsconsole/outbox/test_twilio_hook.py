"""What Twilio calls back: receipts, replies and keys, each signed with the account's token."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from django.test import Client

from opsconsole.lib.secrets import digest
from opsconsole.outbox import acts
from opsconsole.outbox.acts import Done
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.selectors import wants
from opsconsole.outbox.services.outcomes import Outcome, delivery_confirm
from opsconsole.outbox.transports.phones import is_signed
from tests.conftest import NOW
from tests.opsconsole import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PATH, TOKEN, ACCOUNT = "/in/twilio/HOOK/", "t" * 32, f"AC{'0' * 32}"


@pytest.fixture(autouse=True)
def _public(settings):
    settings.OPSCONSOLE_URL = "https://ops.example.com"


@pytest.fixture
def acknowledged(monkeypatch):
    heard = []

    def responder(verb, delivery, *, name, now):
        heard.append((verb, delivery.pk))
        return Done(True, "INC-007 is yours & nobody’s <else>.")

    monkeypatch.setattr(acts.responders, "_entries", {"test": responder})
    return heard


def phone(kind="sms", hook="HOOK", to="+43660", **fields):
    config = {"account": ACCOUNT, "token": TOKEN, "to": to, "hook": hook}
    return make.webhook(kind=kind, config=config, hook=digest(hook), **fields)


def signature(path, fields, token=TOKEN):
    told = f"https://ops.example.com{path}" + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()).decode()


def call(path=PATH, token=TOKEN, **fields):
    signed = {"X-Twilio-Signature": signature(path, fields, token)}
    return Client(enforce_csrf_checks=True).post(path, fields, headers=signed)


def taken(channel):
    """A message that the provider has taken."""
    delivery = make.delivery(channel, message=Message("Down", "", data={"number": 7}))
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=NOW + timedelta(minutes=2))
    delivery.refresh_from_db()
    delivery_confirm(delivery=delivery, outcome=Outcome(True, "taken as SM1"), now=NOW)
    return delivery


def status(delivery, word, **fields):
    answer = call(f"{PATH}?delivery={delivery.uuid}&step=status", MessageStatus=word, **fields)
    assert answer.status_code == 204
    delivery.refresh_from_db()
    return delivery.tries.get()


def test_it_verifies_as_the_documentation_of_twilio_does():
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    assert is_signed(url, fields, "GvWf1cFY/Q7PnoempGyD5oXAezc=", "12345") is True
    assert not is_signed(url, fields, "GvWf1cFY/Q7PnoempGyD5oXAezd=", "12345")
    assert not is_signed(url, fields, "ä", "12345")


@pytest.mark.parametrize("token", ["another", ""])
def test_it_refuses_what_the_account_did_not_sign(token):
    taken(phone())
    assert call(token=token or "x", From="+43660", Body="a", MessageSid="SM1").status_code == 403


def test_it_does_not_know_an_address_that_it_never_gave_out():
    phone()
    assert call("/in/twilio/OTHER/", Body="a").status_code == 404
    assert call("/in/twilio//", Body="a").status_code == 404


def test_it_changes_nothing_when_read(client):
    phone()
    assert client.get(PATH).status_code == 405


def test_it_refuses_when_its_settings_cannot_be_read(settings):
    phone()
    settings.SECRET_KEY = "another"
    assert call(Body="a").status_code == 403


def test_it_keeps_the_receipt_with_the_attempt():
    delivery = taken(phone())
    assert status(delivery, "delivered").receipt == "Twilio says “delivered”."
    assert delivery.status == "sent"


def test_it_tries_again_what_did_not_arrive_after_all():
    delivery = taken(phone())
    status(delivery, "undelivered", ErrorCode="30003")
    assert (delivery.status, delivery.last_error) == ("waiting", "Twilio says “undelivered”, error 30003.")
    assert delivery.due_at > NOW


def test_it_waits_while_a_message_is_on_its_way():
    delivery = taken(phone())
    status(delivery, "sent")
    assert delivery.status == "sent"


def test_it_takes_no_receipt_for_a_message_of_another_channel():
    delivery = taken(phone(hook="OTHER"))
    phone()
    assert status(delivery, "failed").receipt == ""


@pytest.mark.parametrize("given", ["", "x", "²"])
def test_it_takes_a_receipt_for_nothing(given):
    phone()
    assert (
        call(
            f"{PATH}?delivery={given}&step=status".replace("²", "%C2%B2"), MessageStatus="failed"
        ).status_code
        == 204
    )


def test_it_acts_on_a_reply_and_answers(acknowledged):
    delivery = taken(phone())
    answer = call(From="+43660", Body="a", MessageSid="SM9")
    assert acknowledged == [("acknowledge", delivery.pk)]
    assert "<Message>INC-007 is yours &amp; nobody’s &lt;else&gt;.</Message>" in answer.text
    assert answer["Content-Type"].startswith("text/xml")


def test_it_knows_whose_number_wrote_back(acknowledged):
    phone()
    delivery = taken(phone(hook="OTHER", to="+43676"))
    call(From="+43676", Body="7a", MessageSid="SM9")
    assert acknowledged == [("acknowledge", delivery.pk)]


def test_it_says_nothing_to_strangers(acknowledged):
    taken(phone())
    assert call(From="+1900", Body="a", MessageSid="SM9").text == "<Response></Response>"
    assert not acknowledged


def test_it_acknowledges_with_key_1(acknowledged):
    delivery = taken(phone(kind="voice"))
    answer = call(f"{PATH}?delivery={delivery.uuid}&step=key", Digits="1")
    assert acknowledged == [("acknowledge", delivery.pk)]
    assert "Good bye." in answer.text


def test_it_does_nothing_with_another_key(acknowledged):
    delivery = taken(phone(kind="voice"))
    assert "Nothing was changed" in call(f"{PATH}?delivery={delivery.uuid}&step=key", Digits="9").text
    assert not acknowledged


def test_it_shows_managers_where_twilio_should_call(signed_in, manager, viewer):
    channel = phone()
    assert (
        "https://ops.example.com/in/twilio/HOOK/"
        in signed_in(manager).get(f"/settings/channels/{channel.pk}/").text
    )
    assert "HOOK" not in signed_in(viewer).get(f"/settings/channels/{channel.pk}/").text


def test_it_says_when_no_provider_can_call_it(signed_in, manager, settings):
    settings.OPSCONSOLE_URL = "http://127.0.0.1:8000"
    assert "no provider can call it" in signed_in(manager).get(f"/settings/channels/{phone().pk}/").text


def test_it_rings_nobody_to_say_that_it_is_over(signed_in, manager, now):
    assert wants(phone(kind="voice"), "incident.opened:1")
    assert not wants(phone(kind="voice"), "incident.resolved:1:2")
    assert wants(phone(), "incident.resolved:1:2")
