"""Buttons in Slack and Telegram: signed, answered with who acknowledged, and of no use to anybody else."""

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from opsconsole.lib.secrets import digest
from opsconsole.outbox import acts
from opsconsole.outbox.acts import Done
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports import telegram
from opsconsole.outbox.transports.base import transports
from opsconsole.outbox.transports.slack import is_signed
from opsconsole.outbox.transports.telegram import secret_token
from tests.conftest import NOW
from tests.opsconsole import make
from tests.opsconsole.outbox.providers import TAKEN, alarm, pointed, post
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "loopback")]
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
BOT = {"token": "xoxb-0123456789", "signing": SIGNING, "channel": "#ops", "hook": "HOOK"}
TG = {"token": "123456789:AAExAmPLe-0123456789_0123456789abcd", "chat": "42", "hook": "HOOK"}
BACK = "https://hooks.slack.com/actions/T0/1/x"


@pytest.fixture(autouse=True)
def _public(settings):
    settings.OPSCONSOLE_URL = "https://ops.example.com"


@pytest.fixture(autouse=True)
def _telegram_was_told_nothing(monkeypatch):
    monkeypatch.setattr(transports["telegram"], "led", {})


@pytest.fixture
def heard(monkeypatch):
    """Who pressed; the second press finds nothing left to do."""
    names: list[str] = []

    def responder(verb, delivery, *, name, now):
        names.append(name)
        return Done(
            len(names) == 1, "INC-007 is yours." if len(names) == 1 else "Already acknowledged by ana."
        )

    monkeypatch.setattr(acts.responders, "_entries", {"test": responder})
    return names


def sent(kind, config, **fields):
    channel = make.webhook(kind=kind, config=config, hook=digest("HOOK"), **fields)
    return make.delivery(channel, message=Message("Down", "", data={"incident": "INC-007"}))


def slack(payload, *, secret=SIGNING, at=NOW, path="/in/slack/HOOK/"):
    body, moment = (
        urlencode({"payload": payload if isinstance(payload, str) else json.dumps(payload)}),
        str(int(at.timestamp())),
    )
    made = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={made}"}
    client = Client(enforce_csrf_checks=True)
    return client.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)


def pressed(uuid, name="ana", **fields):
    action = {"action_id": "acknowledge", "value": str(uuid)}
    return {
        "type": "block_actions",
        "user": {"name": name},
        "actions": [action],
        "trigger_id": uuid4().hex,
        **fields,
    }


def tapped(data, secret=None, path="/in/telegram/HOOK/", **fields):
    query = {"id": "4382bfdwdsb323b2d9", "from": {"id": 1, "first_name": "Ana"}, "data": data, **fields}
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret_token(TG) if secret is None else secret}
    body = {"update_id": 1, "callback_query": query}
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers=headers)


def answers():
    return [
        row.subject for row in Delivery.objects.filter(event__startswith="outbox.pressed:").order_by("pk")
    ]


def test_it_gives_slack_a_button_that_calls_back():
    with WebhookSink((200, {}, '{"ok": true}')) as sink:
        alarm("slack", sink, BOT)
    button = sink.received[0].json()["blocks"][-1]["elements"][0]
    assert (button["action_id"], len(button["value"]), "url" in button) == ("acknowledge", 36, False)


def test_it_gives_slack_a_link_without_the_signing_secret():
    with WebhookSink((200, {}, '{"ok": true}')) as sink:
        alarm("slack", sink, BOT | {"signing": ""})
    assert sink.received[0].json()["blocks"][-1]["elements"][0]["url"] == "https://ops.example.com/a/LINK"


def test_it_verifies_as_the_documentation_of_slack_does():
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
        b"803a0bc887a14d10d2c447fce8b6703c"
    )
    made = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    at = NOW.fromtimestamp(1531420618, tz=NOW.tzinfo)
    assert is_signed(body, "1531420618", made, SIGNING, at)
    assert is_signed(body, "1531420618", made, SIGNING, at + timedelta(minutes=5))
    assert not is_signed(body, "1531420618", made, SIGNING, at + timedelta(seconds=301))
    assert not is_signed(body + b"x", "1531420618", made, SIGNING, at)


@pytest.mark.parametrize("moment", ["", "x", "-5", "²", "9" * 400])
def test_it_takes_no_nonsense_for_a_moment(moment):
    assert not is_signed(b"", moment, "v0=ä", SIGNING, NOW)


def test_it_acknowledges_when_slacks_button_is_pressed(heard):
    delivery = sent("slack", BOT)
    assert slack(pressed(delivery.uuid)).status_code == 200
    assert heard == ["ana"]
    assert answers() == ["INC-007 is acknowledged by ana."]


def test_it_takes_presses_in_all_channels_of_one_app(heard):
    sent("slack", BOT)
    other = make.webhook(name="Security", kind="slack", config={**BOT, "channel": "#security", "hook": "B"})
    slack(pressed(make.delivery(other, event="incident.opened:2").uuid))
    assert Delivery.objects.filter(event__startswith="outbox.pressed:").get().channel == other


def test_it_takes_taps_in_all_chats_of_one_bot(heard):
    sent("telegram", TG)
    other = make.webhook(name="Other chat", kind="telegram", config={**TG, "chat": "43", "hook": "B"})
    assert (
        "is yours" in tapped(f"a:{make.delivery(other, event='incident.opened:2').uuid.hex}").json()["text"]
    )


def test_it_takes_no_press_in_a_channel_of_another_app(heard):
    sent("slack", BOT)
    other = make.webhook(name="Foreign", kind="slack", config={**BOT, "signing": "another", "hook": "B"})
    slack(pressed(make.delivery(other, event="incident.opened:2").uuid))
    assert heard == answers() == []


def test_it_tells_the_second_person_who_was_first(heard):
    delivery = sent("slack", BOT)
    for name in ("ana", "bob"):
        slack(pressed(delivery.uuid, name, response_url=BACK))
    assert answers() == ["INC-007 is acknowledged by ana.", "Already acknowledged by ana."]


def test_it_answers_each_press_once(heard):
    press = pressed(sent("slack", BOT).uuid, response_url=BACK)
    for _ in range(2):
        slack(press)
    assert len(answers()) == 1


@pytest.mark.parametrize(("changed", "seen_by"), [(True, "in_channel"), (False, "ephemeral")])
def test_it_answers_where_slack_wants_it(changed, seen_by):
    with WebhookSink((200, {}, "ok")) as sink:
        post("slack", sink, BOT, subject="<Ana> has it", data={"response_url": sink.url, "changed": changed})
    told = sink.received[0].json()
    assert (told["text"], told["response_type"]) == ("&lt;Ana&gt; has it", seen_by)


@pytest.mark.parametrize(
    "back", ["http://hooks.slack.com/x", "https://evil.example/", "https://127.0.0.1/", "", None]
)
def test_it_answers_at_no_other_address(heard, back):
    slack(pressed(sent("slack", BOT).uuid, response_url=back))
    content = Delivery.objects.get(event__startswith="outbox.pressed:").content
    assert "response_url" not in content["data"]


@pytest.mark.parametrize(
    "wrong", [{"secret": "another"}, {"at": NOW - timedelta(minutes=6)}, {"at": NOW + timedelta(minutes=6)}]
)
def test_it_refuses_what_slack_did_not_sign_just_now(heard, wrong):
    delivery = sent("slack", BOT)
    assert slack(pressed(delivery.uuid), **wrong).status_code == 403
    assert not heard


def test_it_refuses_everything_without_a_signing_secret(heard):
    delivery = sent("slack", BOT | {"signing": ""})
    assert slack(pressed(delivery.uuid), secret="").status_code == 403


def test_it_acts_on_no_message_of_another_channel(heard):
    sent("slack", BOT)
    slack(pressed(make.delivery().uuid))
    assert not heard


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "[]",
        "{",
        "[" * 9999,
        {"actions": 1},
        {"actions": [1]},
        {"actions": [{"action_id": "acknowledge", "value": 1}]},
    ],
)
def test_it_takes_any_nonsense_that_is_signed(heard, payload):
    sent("slack", BOT)
    assert slack(payload).status_code == 200
    assert not heard


@pytest.mark.parametrize("path", ["/in/slack/OTHER/", "/in/telegram/OTHER/", "/in/slack/²/"])
def test_it_does_not_know_an_address_that_it_never_gave_out(path):
    sent("slack", BOT)
    call = tapped if "telegram" in path else slack
    assert call({}, path=path).status_code == 404


def button_of(call):
    return call.json()["reply_markup"]["inline_keyboard"][0][0]


def test_it_gives_telegram_a_button_that_calls_back():
    with WebhookSink(*[TAKEN["telegram"]] * 2) as sink:
        alarm("telegram", sink, TG)
    button = button_of(sink.received[1])
    assert button["callback_data"].startswith("a:")
    assert len(button["callback_data"]) <= 64


def test_it_tells_telegram_once_where_buttons_lead_also_without_a_test():
    with WebhookSink(*[TAKEN["telegram"]] * 5) as sink:
        for config in (TG, TG, {**TG, "chat": "43", "hook": "OTHER"}):
            alarm("telegram", sink, config)
    assert [call.path.rpartition("/")[2] for call in sink.received] == [
        "setWebhook",
        "sendMessage",
        "sendMessage",
        "setWebhook",
        "sendMessage",
    ]


@pytest.mark.parametrize("answer", [(500, {}, "{}"), "reset"])
def test_it_gives_telegram_a_link_while_it_takes_no_address(answer):
    with WebhookSink(answer, TAKEN["telegram"]) as sink:
        alarm("telegram", sink, TG)
    assert button_of(sink.received[-1])["url"] == "https://ops.example.com/a/LINK"


def test_it_tells_telegram_with_a_test_where_buttons_lead():
    with WebhookSink(*[TAKEN["telegram"]] * 2) as sink:
        post("telegram", sink, TG, type="channel.test")
    first, second = sink.received
    assert first.path.endswith("/setWebhook")
    assert first.json()["url"] == "https://ops.example.com/in/telegram/HOOK/"
    assert first.json()["secret_token"] == secret_token(TG)
    assert second.path.endswith("/sendMessage")


def test_it_says_when_telegram_does_not_take_the_address(now):
    refused = '{"ok": false, "description": "Bad Request: bad webhook: HTTPS url must be provided"}'
    channel = make.webhook(kind="telegram", config=TG)
    with WebhookSink((400, {}, refused)) as sink, pointed("telegram", sink):
        delivery = make.delivery(channel, event="channel.test:1")
        deliveries_send(now)
    delivery.refresh_from_db()
    assert "bad webhook" in delivery.last_error


def test_it_sets_no_webhook_where_telegram_could_not_call(settings):
    settings.OPSCONSOLE_URL = "http://ops.example.com"
    with WebhookSink(TAKEN["telegram"]) as sink:
        post("telegram", sink, TG, type="channel.test")
    assert len(sink.received) == 1


def test_it_acknowledges_when_telegrams_button_is_pressed(heard):
    delivery = sent("telegram", TG)
    told = tapped(f"a:{delivery.uuid.hex}").json()
    assert heard == ["Ana"]
    assert (told["method"], told["text"]) == ("answerCallbackQuery", "INC-007 is yours.")
    assert answers() == ["INC-007 is acknowledged by Ana."]


def test_it_tells_the_second_person_in_telegram(heard):
    delivery = sent("telegram", TG)
    texts = [tapped(f"a:{delivery.uuid.hex}", id=str(n)).json()["text"] for n in range(2)]
    assert texts[1] == "Already acknowledged by ana."
    assert len(answers()) == 1


def test_it_names_the_person_whose_channel_it_is(heard, responder):
    delivery = sent("telegram", TG, user=responder)
    tapped(f"a:{delivery.uuid.hex}")
    assert answers() == ["INC-007 is acknowledged by Rafi."]


@pytest.mark.parametrize("secret", ["", "x", "ä"])
def test_it_refuses_what_has_not_the_secret_of_telegram(heard, secret):
    delivery = sent("telegram", TG)
    assert tapped(f"a:{delivery.uuid.hex}", secret=secret.encode().decode("latin-1")).status_code == 403
    assert not heard


@pytest.mark.parametrize("data", ["", "a:", "b:00", "a:zz", None])
def test_it_takes_any_nonsense_from_telegram(heard, data):
    sent("telegram", TG)
    assert tapped(data).status_code == 200
    assert not heard


def test_it_changes_nothing_when_read(client):
    sent("telegram", TG)
    assert client.get("/in/telegram/HOOK/").status_code == 405


def test_it_keeps_the_secret_of_telegram_apart_from_its_token():
    assert secret_token(TG) != secret_token(TG | {"hook": "OTHER"})
    assert telegram.TEST == "channel.test"
    assert transports["telegram"].hook_url(TG) == "https://ops.example.com/in/telegram/HOOK/"
