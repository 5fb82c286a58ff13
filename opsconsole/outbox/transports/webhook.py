"""Webhooks signed as Standard Webhooks has it: any of its libraries verifies them."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django import forms

from opsconsole.lib.clock import epoch, iso, moment
from opsconsole.lib.http import hooks
from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import callable_address
from opsconsole.outbox.transports.base import (
    Config,
    ConfigForm,
    Outgoing,
    Receipt,
    Transport,
    TransportError,
    transports,
)
from opsconsole.outbox.transports.posting import IN_ALL, asked, pause

OVERLAP = timedelta(hours=24)


class WebhookForm(ConfigForm):
    url = forms.CharField(
        label="Address",
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/hooks/ops"}),
        help_text="Gets a signed POST with JSON for each message.",
    )

    def clean_url(self) -> str:
        return callable_address(self.cleaned_data["url"], example="https://example.com/hooks/ops")


class WebhookTransport(Transport):
    kind, label, icon, form = "webhook", "Webhook", "webhook", WebhookForm
    about = "To a program of yours: signed JSON, as Standard Webhooks has it."
    signed = True

    def send(self, outgoing: Outgoing) -> Receipt:
        body = json.dumps(payload(outgoing), ensure_ascii=False).encode()
        signature = hooks.signed(
            str(outgoing.uuid), outgoing.at, body.decode(), keys(outgoing.config, outgoing.at)
        )
        headers = {"Content-Type": "application/json", "Expect": "", **signature}
        request = Request(
            outgoing.config["url"], method="POST", headers=headers, body=body, timeout=IN_ALL, limit=64 * 1024
        )
        return judge(asked(request, ()), outgoing.at)

    def target(self, config: Config) -> str:
        """Paths and queries of webhooks are often secrets; the host is not."""
        parts = urlsplit(config.get("url", ""))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"

    def complete(self, config: Config) -> Config:
        return config if config.get("secret") else {**config, "secret": hooks.new_secret()}

    def secret(self, config: Config) -> str:
        return str(config.get("secret", ""))

    def former_until(self, config: Config) -> datetime | None:
        return moment(config["old_until"]) if config.get("old_secret") else None

    def renew(self, config: Config, now: datetime) -> Config:
        return {
            **config,
            "secret": hooks.new_secret(),
            "old_secret": config["secret"],
            "old_until": epoch(now + OVERLAP),
        }


def payload(outgoing: Outgoing) -> dict[str, object]:
    """type, timestamp (when it happened, not when it was sent) and data: what happened in words, and what the cause adds."""
    words = {"subject": outgoing.subject, "text": outgoing.text, "url": outgoing.url}
    return {
        "type": outgoing.type,
        "timestamp": iso(outgoing.created_at),
        "data": {**words, **outgoing.data},
    }


def keys(config: Config, now: datetime) -> list[str]:
    """The secret, and the one before it while that is still valid."""
    former = config.get("old_secret")
    return [config["secret"], *([former] if former and moment(config["old_until"]) > now else [])]


def judge(answer: Answer, now: datetime) -> Receipt:
    """Raises TransportError for everything but 2xx."""
    said = f"answered {answer.status}{hooks.excerpt(answer.body)}"
    if 200 <= answer.status < 300:
        return Receipt(said)
    if answer.status == 410:
        raise TransportError(f"The receiver {said}: it wants no more messages.", permanent=True)
    moved = " Redirects are not followed; enter the new address." if 300 <= answer.status < 400 else ""
    raise TransportError(f"The receiver {said}.{moved}", retry_after=pause(answer, now))


transports.register("webhook", WebhookTransport())
