"""Telegram: a bot that writes to a chat."""

import pytest

from opsconsole.outbox.transports.base import transports
from opsconsole.outbox.transports.telegram import TelegramForm
from tests.opsconsole.outbox.providers import TAKEN, TOKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
GOOD = {"token": "123456789:AAExAmPLe-0123456789_0123456789abcd", "chat": "-1001234567890"}


def test_it_writes_plain_text_with_a_bold_heading_and_buttons():
    with WebhookSink(TAKEN["telegram"]) as sink:
        receipt = alarm("telegram", sink)
    got = sink.received[0]
    assert got.path == f"/bot{TOKEN}/sendMessage"
    assert (got.json()["chat_id"], got.json()["text"]) == ("42", "API is down\n\nIt answers 502.")
    assert "parse_mode" not in got.json()
    assert [button["text"] for button in got.json()["reply_markup"]["inline_keyboard"][0]] == [
        "Acknowledge",
        "Open",
    ]
    assert receipt.detail == "posted as message 17"


def test_it_counts_the_heading_as_telegram_does():
    with WebhookSink(TAKEN["telegram"]) as sink:
        post("telegram", sink, subject="🔥 API")
    assert sink.received[0].json()["entities"] == [{"type": "bold", "offset": 0, "length": 6}]


def test_it_keeps_within_what_a_message_may_have_as_telegram_counts():
    with WebhookSink(TAKEN["telegram"]) as sink:
        post("telegram", sink, text="🔥" * 4000)
    text = sink.received[0].json()["text"]
    assert (len(text.encode("utf-16-le")) // 2 <= 4096, text[-1]) == (True, "…")


def test_it_writes_the_links_out_where_telegram_would_refuse_a_button():
    with WebhookSink(TAKEN["telegram"]) as sink:
        post(
            "telegram",
            sink,
            url="http://localhost:8000/incidents/7/",
            text="See http://localhost:8000/incidents/7/",
        )
    got = sink.received[0].json()
    assert "reply_markup" not in got
    assert "http://localhost:8000/incidents/7/" in got["text"]


def test_it_keeps_within_what_a_message_may_have():
    with WebhookSink(TAKEN["telegram"]) as sink:
        post("telegram", sink, text="y" * 9000)
    assert len(sink.received[0].json()["text"]) == 4096


@pytest.mark.parametrize(
    ("status", "description", "permanent", "said"),
    [
        (401, "Unauthorized", True, "@BotFather"),
        (404, "Not Found", True, "@BotFather"),
        (403, "Forbidden: bot was blocked by the user", True, "blocked"),
        (400, "Bad Request: chat not found", True, "added to the chat"),
        (400, "Bad Request: message is too long", False, "too long"),
        (500, "Internal Server Error", False, "Internal"),
        (200, "strange", False, "strange"),
    ],
)
def test_it_reads_what_the_api_says(status, description, permanent, said):
    found = refusal("telegram", (status, {}, f'{{"ok": false, "description": "{description}"}}'))
    assert found.permanent is permanent
    assert said in str(found)


def test_it_waits_as_long_as_the_body_says():
    body = '{"ok": false, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 31}}'
    assert refusal("telegram", (429, {}, body)).retry_after == 31


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"token": "hello"}, "digits, a colon"),
        ({"chat": "Ops team"}, "number such as"),
        ({"token": "123456789:AAE x/../../y0123456789"}, "digits, a colon"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(wrong, said):
    assert TelegramForm(GOOD).is_valid()
    assert said in str(TelegramForm({**GOOD, **wrong}).errors)


def test_it_shows_no_secret_in_its_target():
    assert transports["telegram"].target(GOOD) == "chat -1001234567890"
