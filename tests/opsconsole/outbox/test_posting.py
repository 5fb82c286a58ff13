"""What holds for every kind that is one POST, on a server that answers as a provider may."""

import pytest

from opsconsole.outbox.transports import posting
from opsconsole.outbox.transports.base import TransportError
from tests.opsconsole.outbox.providers import TAKEN, TOKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.parametrize("kind", TAKEN)]


def test_it_is_delivered_when_the_provider_takes_it(kind):
    with WebhookSink(TAKEN[kind]) as sink:
        receipt = post(kind, sink)
    assert receipt.detail
    assert "API is down" in sink.received[0].body.decode().replace("+", " ")


@pytest.mark.parametrize("status", [400, 429, 500, 502, 503])
def test_it_is_tried_again_after_an_answer_in_no_language_of_the_provider(kind, status):
    error = refusal(kind, (status, {}, "<html>Bad gateway</html>"))
    assert f"answered {status}" in str(error)
    assert not error.permanent


@pytest.mark.parametrize(
    "body", ["[]", "null", '{"ok": 0}', '{"parameters": [], "error": 1, "errors": 7}', "[" * 9999]
)
def test_it_is_tried_again_after_an_answer_that_makes_no_sense(kind, body):
    assert not refusal(kind, (500, {}, body)).permanent


def test_it_waits_as_long_as_it_is_asked_to(kind):
    assert refusal(kind, (429, {"Retry-After": "120"}, "slow down")).retry_after == 120


@pytest.mark.parametrize(("answer", "said"), [("reset", "connection"), ("garbage", "not HTTP")])
def test_it_is_tried_again_after_a_broken_answer(kind, answer, said):
    error = refusal(kind, answer)
    assert said in str(error)
    assert not error.permanent


def test_it_does_not_wait_for_ever(kind, monkeypatch):
    monkeypatch.setattr(posting, "IN_ALL", 0.2)
    error = refusal(kind, "hang")
    assert "in time" in str(error)
    assert not error.permanent


def test_it_does_not_follow_redirects(kind):
    with WebhookSink() as other:
        refusal(kind, (307, {"Location": other.url}))
        assert not other.received


def test_it_refuses_a_private_address_for_good(kind, settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    with WebhookSink() as sink, pytest.raises(TransportError, match="private address") as caught:
        post(kind, sink)
    assert caught.value.permanent
    assert not sink.received


def test_it_repeats_no_secret_of_its_own(kind):
    error = refusal(kind, (400, {}, f"no such token: {TOKEN} at /hook/{TOKEN}"))
    assert TOKEN not in str(error)


def test_it_leads_to_the_incident_and_to_its_link(kind):
    if kind == "voice":
        pytest.skip("a voice reads out no address")
    with WebhookSink(TAKEN[kind]) as sink:
        alarm(kind, sink)
    text = sink.received[0].body.decode().replace("%3A", ":").replace("%2F", "/")
    assert "https://ops.example.com/a/LINK" in text
