"""Discord, Teams, Mattermost and Google Chat: one webhook each."""

import json

import pytest

from opsconsole.outbox.transports.base import transports
from tests.opsconsole.outbox.providers import TAKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
KINDS = ("discord", "teams", "mattermost", "googlechat")


def message(kind, **fields):
    with WebhookSink(TAKEN[kind]) as sink:
        post(kind, sink, **fields)
    return sink.received[0].json()


def test_it_makes_no_markup_for_discord():
    sent = message("discord", subject="@everyone **API**", text="[x](http://evil)")
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["embeds"][0]["title"] == r"\@everyone \*\*API\*\*"
    assert r"\[x\]\(http://evil\)" in sent["embeds"][0]["description"]


def test_it_makes_no_markup_for_mattermost():
    sent = message("mattermost", subject="@all **API**")["attachments"][0]
    assert sent["title"] == "@\u200ball \\*\\*API\\*\\*"


def test_it_makes_no_markup_for_google_chat():
    sent = message("googlechat", text="<users/all> & <b>x</b>\nline")
    text = sent["cardsV2"][0]["card"]["sections"][0]["widgets"][0]["textParagraph"]["text"]
    assert text == "&lt;users/all&gt; &amp; &lt;b&gt;x&lt;/b&gt;<br>line"


def test_it_sends_teams_a_card_of_plain_runs():
    sent = message("teams", subject="**API**", text="- [x](http://evil)\n\nline")
    card = sent["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert [block["inlines"][0]["text"] for block in card["body"]] == [
        "**API**",
        "- [x](http://evil)",
        "line",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_within_what_a_message_may_have(kind):
    sent = message(kind, subject="*" * 250, text="<" * 40_000)
    assert len(json.dumps(sent)) < 62_000
    if kind == "discord":
        assert len(sent["embeds"][0]["title"]) <= 256
        assert len(sent["embeds"][0]["description"]) <= 4096


@pytest.mark.parametrize(("kind", "most"), [("teams", 28_000), ("googlechat", 32_000)])
def test_it_keeps_within_the_bytes_of_a_card_whatever_is_listed(kind, most):
    with WebhookSink(TAKEN[kind]) as sink:
        post(kind, sink, text="\n".join(f"Проба {number} не отвечает <b>" for number in range(2000)))
    sent = sink.received[0].body.decode()
    assert len(sent.encode()) < most
    assert ("Проба 0 " in sent, "…" in sent) == (True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_no_button_to_acknowledge_what_is_over(kind):
    with WebhookSink(TAKEN[kind]) as sink:
        post(
            kind,
            sink,
            type="incident.resolved",
            data={"status": "resolved", "acknowledge_url": "https://x/a/LINK"},
        )
    assert "Acknowledge" not in sink.received[0].body.decode()


@pytest.mark.parametrize(
    ("kind", "answer", "permanent"),
    [
        ("discord", (404, {}, '{"message": "Unknown Webhook", "code": 10015}'), True),
        ("discord", (401, {}, '{"message": "Invalid Webhook Token", "code": 50027}'), True),
        ("discord", (404, {}, "<h1>Not found</h1>"), False),
        ("discord", (400, {}, '{"code": 50035}'), False),
        ("teams", (404, {}, '{"error": {"code": "WorkflowNotFound"}}'), True),
        ("teams", (401, {}, '{"error": {"code": "DirectApiAuthorizationRequired"}}'), True),
        ("teams", (200, {}, "Webhook message delivery failed with error: HTTP error 429"), False),
        ("mattermost", (400, {}, '{"id": "web.incoming_webhook.invalid.app_error"}'), True),
        ("mattermost", (404, {}, "nginx"), False),
        ("mattermost", (200, {}, "<h1>Welcome</h1>"), False),
        ("googlechat", (404, {}, '{"error": {"code": 404, "status": "NOT_FOUND"}}'), True),
        ("googlechat", (400, {}, '{"error": {"code": 400, "status": "INVALID_ARGUMENT"}}'), False),
        ("googlechat", (200, {}, "{}"), False),
    ],
)
def test_it_knows_what_is_refused_for_good(kind, answer, permanent):
    assert refusal(kind, answer).permanent is permanent


def test_it_waits_as_long_as_discord_says_in_the_body():
    found = refusal(
        "discord", (429, {"Retry-After": "1"}, '{"message": "rate limited", "retry_after": 64.57}')
    )
    assert found.retry_after == 64.57


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("kind", "url", "said"),
    [
        ("discord", "https://example.com/api/webhooks/1/x", "begins like https://discord.com"),
        ("teams", "https://evillogic.azure.com.example/workflows/x", "begins like"),
        ("googlechat", "https://[::1", "begins like"),
        ("mattermost", "chat.example.com/hooks/x", "Write a whole address"),
        ("mattermost", "http://10.0.0.5/hooks/x", "private address"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(settings, kind, url, said):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    assert said in str(transports[kind].form({"url": url}).errors)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("discord", "https://ptb.discord.com/api/webhooks/1/x"),
        (
            "teams",
            "https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=1",
        ),
        ("googlechat", "https://chat.googleapis.com/v1/spaces/A/messages?key=1&token=2"),
        ("mattermost", "https://chat.example.com/hooks/x"),
    ],
)
def test_it_takes_the_address_and_shows_nothing_secret_of_it(kind, url):
    assert transports[kind].form({"url": url}).is_valid()
    assert "x" not in transports[kind].target({"url": url}).removeprefix("a channel at chat.example.com")


def test_it_names_the_incident_in_its_colour():
    with WebhookSink(204) as sink:
        alarm("discord", sink)
    assert sink.received[0].json()["embeds"][0]["color"] == 0xB3261E
