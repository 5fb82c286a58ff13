"""Slack: an incoming webhook, or a bot."""

from typing import Any

import pytest

from opsconsole.outbox.transports.base import transports
from opsconsole.outbox.transports.slack import SlackForm
from tests.opsconsole.outbox.providers import alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
BOT = {"token": "xoxb-0123456789"}
OK: Any = (200, {}, '{"ok": true, "ts": "1731916800.1"}')


def test_it_posts_a_heading_the_text_and_buttons():
    with WebhookSink((200, {}, "ok")) as sink:
        alarm("slack", sink)
    heading, text, buttons = sink.received[0].json()["blocks"]
    assert heading["text"] == {"type": "plain_text", "text": "API is down", "emoji": False}
    assert text["text"]["text"] == "It answers 502."
    assert [button["text"]["text"] for button in buttons["elements"]] == ["Acknowledge", "Open"]
    assert buttons["elements"][0]["url"] == "https://ops.example.com/a/LINK"


def test_it_makes_no_markup_of_what_it_is_told():
    with WebhookSink((200, {}, "ok")) as sink:
        post("slack", sink, subject="<!channel> *A* & <B>", text="<!here> _x_")
    message = sink.received[0].json()
    assert message["text"] == "&lt;!channel&gt; *A* &amp; &lt;B&gt;"
    assert {block["text"]["type"] for block in message["blocks"] if "text" in block} == {"plain_text"}


def test_it_keeps_within_the_limits_of_a_block():
    with WebhookSink((200, {}, "ok")) as sink:
        post("slack", sink, subject="x" * 250, text="y" * 9000)
    heading, text, _ = sink.received[0].json()["blocks"]
    assert (len(heading["text"]["text"]), len(text["text"]["text"])) == (150, 3000)


def test_it_posts_as_a_bot_into_its_channel():
    with WebhookSink(OK) as sink:
        receipt = post("slack", sink, BOT)
    got = sink.received[0]
    assert (got.path, got.json()["channel"]) == ("/chat.postMessage", "#ops")
    assert got.headers["authorization"] == "Bearer xoxb-0123456789"
    assert receipt.detail == "posted as 1731916800.1"


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((404, {}, "no_service"), True),
        ((403, {}, "action_prohibited"), True),
        ((410, {}, "channel_is_archived"), True),
        ((400, {}, "invalid_payload"), False),
        ((500, {}, "rollup_error"), False),
        ((404, {}, "<h1>Not found</h1>"), False),
        ((200, {}, "no_team"), True),
        ((200, {}, "<h1>Sign in to the hotel's network</h1>"), False),
    ],
)
def test_it_knows_what_a_webhook_refuses_for_good(answer, permanent):
    assert refusal("slack", answer).permanent is permanent


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        ("channel_not_found", True),
        ("invalid_auth", True),
        ("not_in_channel", True),
        ("internal_error", False),
    ],
)
def test_it_reads_the_error_in_a_bots_200(error, permanent):
    found = refusal("slack", (200, {}, f'{{"ok": false, "error": "{error}"}}'), config=BOT)
    assert error in str(found)
    assert found.permanent is permanent


def test_it_says_what_to_do_about_a_bot_outside_the_channel():
    found = refusal("slack", (200, {}, '{"ok": false, "error": "not_in_channel"}'), config=BOT)
    assert "with /invite" in str(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give either"),
        ({"url": "https://example.com/services/T/B/x"}, "begins like https://hooks.slack.com/services/"),
        ({"url": "http://hooks.slack.com/services/T/B/x"}, "begins like"),
        ({"url": "https://hooks.slack.com.evil.example/services/T"}, "begins like"),
        ({"token": "xoxp-1", "channel": "#ops"}, "begins with xoxb-"),
        ({"token": "xoxb-1"}, "Name the channel"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(given, said):
    assert said in str(SlackForm(given).errors)


@pytest.mark.parametrize(
    "given", [{"url": "https://hooks.slack.com/services/T/B/x"}, {"token": "xoxb-1", "channel": "#ops"}]
)
def test_it_takes_either(given):
    assert SlackForm(given).is_valid()


def test_it_shows_no_secret_in_its_target():
    assert "xoxb" not in transports["slack"].target({**BOT, "channel": "#ops"})
    assert (
        transports["slack"].target({"url": "https://hooks.slack.com/services/T/B/x"})
        == "the webhook’s channel"
    )
