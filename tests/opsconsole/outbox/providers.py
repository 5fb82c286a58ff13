"""Providers on loopback: settings of each kind that lead to a sink, and what each answers when it takes a message."""

from contextlib import contextmanager
from typing import Any

from opsconsole.outbox.transports.base import TransportError, transports
from tests.opsconsole.make import outgoing
from tests.sinks import WebhookSink

TOKEN = "s3cr3t-token-0123456789"
TAKEN: dict[str, Any] = {
    "slack": (200, {}, "ok"),
    "discord": 204,
    "teams": 202,
    "telegram": (200, {}, '{"ok": true, "result": {"message_id": 17}}'),
    "ntfy": (200, {}, '{"id": "hwQ2YpKdmg", "event": "message"}'),
    "pushover": (200, {}, '{"status": 1, "request": "647d2300"}'),
    "pagerduty": (202, {}, '{"status": "success", "message": "Event processed", "dedup_key": "k"}'),
    "mattermost": (200, {}, "ok"),
    "sms": (201, {}, '{"sid": "SM0123456789", "status": "queued"}'),
    "voice": (201, {}, '{"sid": "CA0123456789", "status": "queued"}'),
    "googlechat": (200, {}, '{"name": "spaces/A/messages/B"}'),
}
ALARM = {
    "incident": "INC-007",
    "number": 7,
    "title": "API is down",
    "severity": "P0",
    "status": "open",
    "url": "https://ops.example.com/incidents/7/",
    "acknowledge_url": "https://ops.example.com/a/LINK",
}
TEXT = "It answers 502.\nAcknowledge: https://ops.example.com/a/LINK\n\nINC-007: https://ops.example.com/incidents/7/\n"


def config_of(kind: str, url: str) -> dict[str, str]:
    """Settings of a kind whose calls go to this address."""
    secret = {"url": f"{url}/{TOKEN}", "token": TOKEN, "key": TOKEN, "receiver": "u" * 30}
    if kind == "slack":
        del secret["token"]
    secret |= {"account": f"AC{'0' * 32}", "sender": "+43720123456", "to": "+4366012345678"}
    return {**secret, "server": url, "topic": "ops-topic", "chat": "42", "channel": "#ops"}


@contextmanager
def pointed(kind: str, sink: WebhookSink):
    """For a while, the provider's own address is that of the sink."""
    transport, base = transports[kind], sink.url.removesuffix("/hook")
    transport.api, transport.apis = base, {"us": base, "eu": f"{base}/eu"}  # type: ignore[attr-defined]
    try:
        yield transport
    finally:
        del transport.api, transport.apis  # type: ignore[attr-defined]


def post(kind: str, sink: WebhookSink, config: dict[str, Any] | None = None, **fields: Any):
    with pointed(kind, sink) as transport:
        return transport.send(outgoing({**config_of(kind, sink.url), **(config or {})}, **fields))


def alarm(kind: str, sink: WebhookSink, config: dict[str, Any] | None = None, **facts: Any):
    """An incident that nobody has in hand."""
    return post(kind, sink, config, text=TEXT, data={**ALARM, **facts})


def refusal(kind: str, *answers: Any, **options: Any) -> TransportError:
    with WebhookSink(*answers) as sink:
        try:
            post(kind, sink, **options)
        except TransportError as error:
            return error
    raise AssertionError("it was taken")
