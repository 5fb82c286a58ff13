"""ntfy and Pushover: pushes that ring as loudly as the incident is bad."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from opsconsole.outbox.transports.ntfy import NtfyForm
from opsconsole.outbox.transports.pushover import PushoverForm
from tests.opsconsole.outbox.providers import TAKEN, TOKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
OVER: dict[str, Any] = {
    "type": "incident.resolved",
    "data": {"status": "resolved", "severity": "P0", "incident": "INC-007"},
}


def ntfy(**facts):
    with WebhookSink(TAKEN["ntfy"]) as sink:
        alarm("ntfy", sink, **facts)
    return sink.received[0]


def fields(hook):
    return {name: values[0] for name, values in parse_qs(hook.body.decode()).items()}


def pushed(**facts):
    with WebhookSink(TAKEN["pushover"]) as sink:
        alarm("pushover", sink, **facts)
    return fields(sink.received[0])


def test_it_publishes_to_the_topic_with_its_token():
    got = ntfy()
    assert got.headers["authorization"] == f"Bearer {TOKEN}"
    told = got.json()
    assert (told["topic"], told["title"], told["message"]) == ("ops-topic", "API is down", "It answers 502.")


def test_it_acknowledges_with_one_tap_by_a_post():
    first, second = ntfy().json()["actions"]
    assert (first["action"], first["method"], first["url"]) == (
        "http",
        "POST",
        "https://ops.example.com/a/LINK",
    )
    assert (second["action"], second["url"]) == ("view", "https://ops.example.com/incidents/7/")


@pytest.mark.parametrize(("severity", "priority"), [("P0", 5), ("P1", 4), ("P2", 3), ("P3", 2), ("", 3)])
def test_it_rings_by_severity(severity, priority):
    assert ntfy(severity=severity).json()["priority"] == priority


def test_it_does_not_ring_for_what_is_over():
    with WebhookSink(TAKEN["ntfy"]) as sink:
        post("ntfy", sink, **OVER)
    assert sink.received[0].json()["priority"] == 3


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((403, {}, '{"code": 40301, "error": "forbidden"}'), True),
        ((403, {}, "<h1>Firewall</h1>"), False),
        ((429, {}, '{"code": 42901, "error": "limit reached"}'), False),
        ((200, {}, "<h1>ntfy web</h1>"), False),
    ],
)
def test_it_knows_what_ntfy_refuses_for_good(answer, permanent):
    assert refusal("ntfy", answer).permanent is permanent


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"topic": "https://ntfy.sh/ops"}, "letters, digits"),
        ({"server": "ntfy.sh"}, "Write a whole address"),
        ({"server": "http://192.168.0.4"}, "private address"),
    ],
)
def test_it_says_on_the_form_of_ntfy_what_is_wrong(settings, wrong, said):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    good = {"server": "https://ntfy.sh/", "topic": "ops-9f3k"}
    assert NtfyForm(good).is_valid()
    assert said in str(NtfyForm(good | wrong).errors)


@pytest.mark.parametrize("severity", ["P0", "P1"])
def test_it_rings_on_for_the_worst_until_somebody_acknowledges(severity):
    sent = pushed(severity=severity)
    assert (sent["priority"], sent["retry"], sent["expire"], sent["tags"]) == ("2", "60", "3600", "INC-007")
    assert sent["callback"] == "https://ops.example.com/a/LINK"


@pytest.mark.parametrize(
    ("facts", "priority"),
    [({"severity": "P2"}, "0"), ({"severity": "P3"}, "-1"), ({"status": "acknowledged"}, "0")],
)
def test_it_rings_once_for_the_rest(facts, priority):
    sent = pushed(**facts)
    assert sent["priority"] == priority
    assert "retry" not in sent


def test_it_keeps_the_receipt():
    answer: Any = (200, {}, '{"status": 1, "receipt": "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"}')
    with WebhookSink(answer) as sink:
        assert "receipt rLqVuqTRh62UzxtmqiaLzQmVcPgiCy" in alarm("pushover", sink).detail


def test_it_hushes_what_rings_when_somebody_has_it_in_hand():
    with WebhookSink(TAKEN["pushover"]) as sink:
        post("pushover", sink, type="incident.acknowledged", data={"incident": "INC-007"})
    assert [got.path for got in sink.received] == ["/receipts/cancel_by_tag/INC-007.json"]


def test_it_hushes_what_rings_before_it_says_that_it_is_over():
    with WebhookSink(*[TAKEN["pushover"]] * 2) as sink:
        post("pushover", sink, **OVER)
    assert [got.path for got in sink.received] == ["/receipts/cancel_by_tag/INC-007.json", "/messages.json"]
    assert fields(sink.received[1])["priority"] == "0"


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((400, {}, '{"status": 0, "errors": ["application token is invalid"]}'), True),
        ((429, {}, '{"status": 0, "errors": ["limit reached"]}'), False),
        ((400, {}, "<h1>Bad request</h1>"), False),
        ((200, {}, '{"status": 0}'), False),
    ],
)
def test_it_knows_what_pushover_refuses_for_good(answer, permanent):
    assert refusal("pushover", answer).permanent is permanent


def test_it_says_on_the_form_of_pushover_what_is_wrong():
    assert PushoverForm({"token": "a" * 30, "receiver": "b" * 30}).is_valid()
    assert "30 letters" in str(PushoverForm({"token": "a" * 29, "receiver": "b" * 30}).errors)
