"""Text messages and phone calls by Twilio: what goes out."""

from urllib.parse import parse_qs

import pytest

from opsconsole.outbox.transports import sms
from opsconsole.outbox.transports.base import transports
from opsconsole.outbox.transports.phones import TwilioForm
from tests.opsconsole.make import outgoing
from tests.opsconsole.outbox.providers import ALARM, TAKEN, TEXT, TOKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
GOOD = {
    "account": f"AC{'0' * 32}",
    "token": "t" * 32,
    "sender": "+43 720 / 123456",
    "to": "+43 (660) 123-45678",
}
HOOK = {"hook": "HOOKTOKEN"}


@pytest.fixture
def public(settings):
    settings.OPSCONSOLE_URL = "https://ops.example.com"


def fields(hook):
    return {name: values[0] for name, values in parse_qs(hook.body.decode()).items()}


def sent(kind, config=None, **facts):
    with WebhookSink(TAKEN[kind]) as sink:
        alarm(kind, sink, config, **facts)
    return fields(sink.received[0])


def test_it_posts_to_the_account_with_its_token():
    with WebhookSink(TAKEN["sms"]) as sink:
        receipt = alarm("sms", sink)
    got = sink.received[0]
    assert got.path == f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    assert got.headers["authorization"].startswith("Basic ")
    assert TOKEN not in got.body.decode()
    assert receipt.detail == "taken as SM0123456789"


def test_it_writes_what_to_reply_and_the_link():
    text = sent("sms")["Body"]
    assert (
        text == "API is down\nReply 7a to acknowledge, 7e to escalate, or open https://ops.example.com/a/LINK"
    )


@pytest.mark.parametrize("subject", ["P1 Checkout “shop” is down · INC-001 – again…", "x" * 250])
def test_it_stays_short_and_in_the_alphabet_of_text_messages(subject):
    text = sms.text_of(outgoing({}, subject=subject, text=TEXT, data=ALARM))
    assert text.isascii()
    assert len(text) <= sms.MOST


def test_it_wants_no_reply_when_it_is_over():
    text = sms.text_of(outgoing({}, type="incident.resolved", data={**ALARM, "status": "resolved"}))
    assert "Reply" not in text
    assert "https://ops.example.com/a/LINK" in text


def test_it_asks_for_a_receipt_where_it_can_be_called(public):
    url = sent("sms", HOOK)["StatusCallback"]
    assert url.startswith("https://ops.example.com/in/twilio/HOOKTOKEN/?delivery=")


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://10.0.0.5", "http://console"])
def test_it_asks_for_none_where_twilio_would_refuse_the_address(settings, url):
    settings.OPSCONSOLE_URL = url
    assert "StatusCallback" not in sent("sms", HOOK)


def test_it_says_it_twice_and_takes_key_1(public):
    twiml = sent("voice", HOOK)["Twiml"]
    assert twiml.count("API is down. It answers 502. Press 1 to acknowledge.") == 2
    assert '<Gather numDigits="1"' in twiml
    assert "/in/twilio/HOOKTOKEN/?delivery=" in twiml


def test_it_makes_no_markup_of_what_it_says():
    with WebhookSink(TAKEN["voice"]) as sink:
        post("voice", sink, subject="</Say><Dial>+1900</Dial> & co")
    assert "<Dial>" not in fields(sink.received[0])["Twiml"]


def test_it_has_no_key_where_it_could_not_hear_it():
    assert "Gather" not in sent("voice")["Twiml"]


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("sign", ["&", "<", '"', "é"])
def test_it_says_no_more_than_twilio_takes(sign):
    with WebhookSink(TAKEN["voice"]) as sink:
        post("voice", sink, HOOK, data=ALARM, subject=sign * 250, text=sign * 2000)
    assert len(fields(sink.received[0])["Twiml"]) < 4000


@pytest.mark.parametrize("kind", ["sms", "voice"])
@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [(400, 21211, True), (400, 21610, True), (401, 20003, True), (429, 20429, False), (400, 30001, False)],
)
def test_it_knows_what_is_refused_for_good(kind, status, code, permanent):
    found = refusal(kind, (status, {}, f'{{"code": {code}, "message": "no", "status": {status}}}'))
    assert found.permanent is permanent


def test_it_does_not_take_200_for_a_receipt():
    assert not refusal("sms", (200, {}, "{}")).permanent


def test_it_takes_numbers_as_people_write_them():
    form = TwilioForm(GOOD)
    assert form.is_valid()
    assert (form.config()["sender"], form.config()["to"]) == ("+43720123456", "+4366012345678")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to": "0660 12345678"}, "+ and the country"),
        ({"sender": "Ops"}, "+ and the country"),
        ({"account": "SK123"}, "AC and 32"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(wrong, said):
    assert said in str(TwilioForm(GOOD | wrong).errors)


def test_it_shows_no_whole_number_in_its_target():
    assert transports["sms"].target({"to": "+4366012345678"}) == "+436601234…78"


def test_it_makes_an_address_for_calls_back_and_keeps_it():
    made = transports["sms"].complete({})
    assert len(made["hook"]) == 32
    assert transports["sms"].complete(made) == made
