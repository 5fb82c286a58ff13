"""Webhooks, called on a real server and verified as a receiver would."""

from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from opsconsole.lib.http.hooks import excerpt, retry_after
from opsconsole.outbox.transports import webhook
from opsconsole.outbox.transports.base import STANDARD_WEBHOOKS, TransportError, transports
from opsconsole.outbox.transports.webhook import WebhookForm
from tests.conftest import NOW
from tests.opsconsole.make import SECRET, outgoing
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
hook = transports["webhook"]


def post(sink, config=None, **fields):
    return hook.send(outgoing({"url": sink.url, "secret": SECRET, **(config or {})}, **fields))


def refused(*answers, **options):
    with WebhookSink(*answers) as sink, pytest.raises(TransportError) as caught:
        post(sink, **options)
    return caught.value


def test_it_posts_what_happened_as_json():
    with WebhookSink() as sink:
        post(sink, data={"number": 7})
    body = sink.received[0].json()
    assert (body["type"], body["timestamp"]) == ("incident.opened", "2026-11-18T08:00:00Z")
    assert body["data"] == {
        "subject": "API is down",
        "text": "It answers 502.\n",
        "url": "https://ops.example.com/incidents/7/",
        "number": 7,
    }


def test_it_signs_as_standard_webhooks_has_it(frozen):
    message = outgoing({}).uuid
    with WebhookSink() as sink:
        post(sink, uuid=message)
    got = sink.received[0]
    assert got.headers["webhook-id"] == str(message)
    assert Webhook(SECRET).verify(got.body, got.headers)["type"] == "incident.opened"


def test_it_cannot_be_verified_with_another_secret(frozen):
    with WebhookSink() as sink:
        post(sink)
    got = sink.received[0]
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(got.body, got.headers)


def test_it_signs_with_both_secrets_while_one_is_replaced(frozen):
    config = hook.renew({"url": "", "secret": SECRET}, NOW)
    with WebhookSink() as sink:
        post(sink, {"secret": config["secret"], **{k: v for k, v in config.items() if k.startswith("old")}})
    got = sink.received[0]
    for secret in (SECRET, config["secret"]):
        assert Webhook(secret).verify(got.body, got.headers)


def test_it_drops_the_old_secret_after_a_day(frozen):
    config = hook.renew({"url": "", "secret": SECRET}, NOW)
    with WebhookSink() as sink:
        post(sink, {**config, "url": sink.url}, at=NOW + timedelta(hours=25))
    assert len(sink.received[0].headers["webhook-signature"].split()) == 1


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_it_is_delivered_when_the_answer_is_good(status):
    with WebhookSink((status, {}, "" if status == 204 else "thank you")) as sink:
        assert f"answered {status}" in post(sink).detail


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 429, 500, 502, 503])
def test_it_is_tried_again_after_any_other(status):
    error = refused(status)
    assert f"answered {status}" in str(error)
    assert (error.permanent, error.retry_after) == (False, None)


def test_it_is_given_up_when_the_receiver_is_gone():
    assert refused(410).permanent


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_asked_to(status):
    assert refused((status, {"Retry-After": "120"})).retry_after == 120


def test_it_does_not_follow_redirects():
    with WebhookSink() as other:
        error = refused((307, {"Location": other.url}))
        assert not other.received
    assert "Redirects are not followed" in str(error)


@pytest.mark.parametrize(
    ("answer", "said"),
    [("reset", "connection"), ("garbage", "not HTTP")],
)
def test_it_is_tried_again_after_a_broken_answer(answer, said):
    error = refused(answer)
    assert said in str(error)
    assert not error.permanent


def test_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(webhook, "IN_ALL", 0.3)
    error = refused("hang")
    assert "in time" in str(error)
    assert not error.permanent


def test_it_refuses_a_private_address_for_good(settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    with WebhookSink() as sink, pytest.raises(TransportError, match="private address") as caught:
        post(sink)
    assert caught.value.permanent
    assert not sink.received


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Wed, 18 Nov 2026 08:02:00 GMT", 120),
        ("Wed, 18 Nov 2026 07:00:00 GMT", 0),
        ("999999999", 86400),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("Wed, 18 Nov 2026 08:02:00", None),
        ("Wed, 18 Nov 2026 08:02:00 +99999999999999", None),
    ],
)
def test_it_reads_retry_after(value, seconds):
    assert retry_after(value, NOW) == seconds


def test_it_quotes_answers_on_one_short_line():
    assert excerpt(b"a\r\n\x00b" + b"c" * 600) == f" “a b{'c' * 197}…”"
    assert excerpt(b"") == ""


def test_it_shows_no_secret_in_its_target():
    assert (
        hook.target({"url": "https://me:pw@hooks.example.com/T0/B1/xyz?key=1"})
        == "https://hooks.example.com/…"
    )


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.com/", "Write a whole address"),
        ("example.com/hook", "Write a whole address"),
        ("https://", "Write a whole address"),
        ("https://exa mple.com/", "Write a whole address"),
        ("http://[::1/", "Write a whole address"),
        ("http://example.com:99999/", "Write a whole address"),
        ("http://10.0.0.5/hook", "private address"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(settings, url, said):
    form = WebhookForm({"url": url})
    assert not form.is_valid()
    assert said in form.errors["url"][0]


def test_it_keeps_trying_for_75_hours():
    assert 75 < sum(wait.total_seconds() for wait in STANDARD_WEBHOOKS) / 3600 < 76
