"""Pushover: a push to a person or a group, which for the worst rings on until somebody takes it."""

import re
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.lib.phrases import capital, listed
from opsconsole.outbox.transports.base import (
    Config,
    ConfigForm,
    Group,
    Outgoing,
    Receipt,
    SecretField,
    transports,
)
from opsconsole.outbox.transports.posting import Complaint, Posting, asked, form_posted, said
from opsconsole.outbox.transports.wording import acknowledge_url, body, cut, is_grave, is_over, severity

EVERY, FOR = 60, 3600  # seconds between two rings, and in all
ACKNOWLEDGED = "incident.acknowledged"
_KEY = re.compile(r"[A-Za-z0-9]{30}")


class PushoverForm(ConfigForm):
    token = SecretField(
        label="Application’s token", help_text="At pushover.net: Create an Application/API Token."
    )
    receiver = SecretField(
        label="User or group key", help_text="At pushover.net, on the right of the start page."
    )
    device = forms.CharField(
        label="Device",
        required=False,
        max_length=25,
        help_text="Its name in Pushover; empty for all of them.",
    )

    def clean_token(self) -> str:
        return self._key("token")

    def clean_receiver(self) -> str:
        return self._key("receiver")

    def _key(self, name: str) -> str:
        key: str = self.cleaned_data[name].strip()
        if key and not _KEY.fullmatch(key):
            raise ValidationError("It has 30 letters and digits; copy the whole of it.")
        return key


class PushoverTransport(Posting):
    kind, label, icon, form = "pushover", "Pushover", "smartphone", PushoverForm
    group, about = Group.PHONE, "A push that rings on, for P0 and P1, until somebody acknowledges."
    follows = True
    api = "https://api.pushover.net/1"

    def send(self, outgoing: Outgoing) -> Receipt:
        """What rings still is hushed as soon as somebody has the incident in hand, and when it is over."""
        if is_over(outgoing):
            asked(self._hush(outgoing), self.secrets(outgoing.config))
        return super().send(outgoing)

    def request(self, outgoing: Outgoing) -> Request:
        if outgoing.type == ACKNOWLEDGED:
            return self._hush(outgoing)
        config = outgoing.config
        device = {"device": config["device"]} if config.get("device") else {}
        who = {"token": config["token"], "user": config["receiver"], **device}
        return form_posted(f"{self.api}/messages.json", {**who, **written(outgoing)})

    def _hush(self, outgoing: Outgoing) -> Request:
        tag = quote(_tag(outgoing), safe="")
        url = f"{self.api}/receipts/cancel_by_tag/{tag}.json"
        return form_posted(url, {"token": outgoing.config["token"]})

    def complaint(self, answer: Answer) -> Complaint | None:
        """A 4xx with reasons stays so; 429 says that the month's messages are used up."""
        found = said(answer)
        if answer.status == 200 and found.get("status") == 1:
            return None
        errors = found.get("errors")
        refused = 400 <= answer.status < 500 and answer.status != 429 and isinstance(errors, list)
        return Complaint(f"{capital(listed(errors))}." if errors and refused else "", permanent=refused)

    def taken(self, answer: Answer) -> str:
        receipt = said(answer).get("receipt")
        return f"taken, and rings until somebody acknowledges: receipt {receipt}" if receipt else "taken"

    def target(self, config: Config) -> str:
        return f"the device {config['device']}" if config.get("device") else "all devices of a key"


def _tag(outgoing: Outgoing) -> str:
    return str(outgoing.data.get("incident") or outgoing.uuid)


def written(outgoing: Outgoing) -> dict[str, str | int]:
    """Pushover calls the link with a POST when somebody acknowledges there, which acknowledges here."""
    message: dict[str, str | int] = {
        "title": cut(outgoing.subject, 250),
        "message": cut(body(outgoing) or outgoing.subject, 1024),
        "timestamp": int(outgoing.created_at.timestamp()),
        "priority": _priority(outgoing),
    }
    if is_grave(outgoing):
        ring: dict[str, str | int] = {
            "retry": EVERY,
            "expire": FOR,
            "callback": acknowledge_url(outgoing),
            "tags": _tag(outgoing),
        }
        message |= ring
    if url := acknowledge_url(outgoing) or outgoing.url:
        message |= {"url": url, "url_title": "Open it"}
    return message


def _priority(outgoing: Outgoing) -> int:
    if is_grave(outgoing):
        return 2
    return -1 if severity(outgoing) == "P3" and not is_over(outgoing) else 0


transports.register("pushover", PushoverTransport())
