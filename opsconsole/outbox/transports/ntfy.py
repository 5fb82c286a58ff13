"""ntfy: a push to every phone that has subscribed to a topic, at ntfy.sh or at a server of one's own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import callable_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said
from opsconsole.outbox.transports.wording import acknowledge_url, body, is_over, severity

BYTES = 3500  # of 4096 that a message may have
PRIORITY = {"P0": 5, "P1": 4, "P2": 3, "P3": 2}  # 5 rings through “do not disturb” where the phone allows it


class NtfyForm(ConfigForm):
    server = forms.CharField(label="Server", initial="https://ntfy.sh", max_length=300)
    topic = SecretField(
        label="Topic",
        max_length=64,
        help_text="The name that the phones subscribe to in the app. At ntfy.sh whoever knows it can read it, so make it "
        "long and random.",
    )
    token = SecretField(
        label="Access token",
        required=False,
        help_text="Only for a protected topic: in ntfy’s web app under Account, Access tokens. It begins with tk_.",
    )

    def clean_server(self) -> str:
        return callable_address(self.cleaned_data["server"].rstrip("/"), example="https://ntfy.sh")

    def clean_topic(self) -> str:
        topic: str = self.cleaned_data["topic"]
        if topic and not re.fullmatch(r"[\w-]{1,64}", topic, re.ASCII):
            raise ValidationError(
                "A topic has letters, digits, hyphens and underscores; leave the server’s address out."
            )
        return topic


class NtfyTransport(Posting):
    kind, label, icon, form = "ntfy", "ntfy", "bell-ring", NtfyForm
    group, about = Group.PHONE, "A push to each phone that has subscribed to a topic; one tap acknowledges."

    def request(self, outgoing: Outgoing) -> Request:
        config = outgoing.config
        headers = {"Authorization": f"Bearer {config['token']}"} if config.get("token") else {}
        return posted(config["server"], {"topic": config["topic"], **written(outgoing)}, **headers)

    def complaint(self, answer: Answer) -> Complaint | None:
        """200 with the message's id takes; anything else with 200 is some other server."""
        if answer.status == 200:
            return None if said(answer).get("id") else Complaint("Is that the address of an ntfy server?")
        refused = answer.status in (401, 403) and "code" in said(answer)
        advice = "The topic is protected: give a token that may write to it." if refused else ""
        return Complaint(advice, permanent=refused or answer.status == 410)

    def taken(self, answer: Answer) -> str:
        return f"taken as {said(answer)['id']}"

    def target(self, config: Config) -> str:
        return f"a topic at {config.get('server', '').partition('//')[2]}"


def written(outgoing: Outgoing) -> dict[str, Any]:
    text = body(outgoing).encode()[:BYTES].decode(errors="ignore")
    message = {
        "title": outgoing.subject,
        "message": text or outgoing.subject,
        "priority": _priority(outgoing),
    }
    ways = {"click": outgoing.url} if outgoing.url else {}
    return {**message, **ways, "actions": _actions(outgoing)}


def _priority(outgoing: Outgoing) -> int:
    return 3 if is_over(outgoing) else PRIORITY.get(severity(outgoing), 3)


def _actions(outgoing: Outgoing) -> list[dict[str, Any]]:
    """The first is a POST by the phone itself: one tap, and nothing is opened."""
    actions: list[dict[str, Any]] = []
    if url := acknowledge_url(outgoing):
        actions.append(
            {"action": "http", "label": "Acknowledge", "url": url, "method": "POST", "clear": True}
        )
    if outgoing.url:
        actions.append({"action": "view", "label": "Open", "url": outgoing.url})
    return actions


transports.register("ntfy", NtfyTransport())
