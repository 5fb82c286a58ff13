"""Mattermost: an incoming webhook of one channel."""

import re
from typing import Any
from urllib.parse import urlsplit

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import callable_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said
from opsconsole.outbox.transports.wording import body, cut, links, tint

MOST = 3800  # characters that a post may have on the oldest servers, less the links
GONE = ("web_hook", "webhook", "channel.get", "invalid_channel")
_MARKUP = re.compile(r"([\\*_~`|>\[\]()#!<-])")


class MattermostForm(ConfigForm):
    url = SecretField(
        label="Webhook address",
        help_text="In Mattermost: Integrations, Incoming Webhooks, Add Incoming Webhook; it ends with /hooks/ and a key.",
    )

    def clean_url(self) -> str:
        return callable_address(self.cleaned_data["url"], example="https://chat.example.com/hooks/…")


class MattermostTransport(Posting):
    kind, label, icon, form = "mattermost", "Mattermost", "message-square-text", MattermostForm
    group, about = Group.CHAT, "To a channel of your server."

    def request(self, outgoing: Outgoing) -> Request:
        return posted(outgoing.config["url"], {"attachments": [written(outgoing)]})

    def complaint(self, answer: Answer) -> Complaint | None:
        """A webhook that was deleted is 400 with a name of it; a bare 404 may be the proxy in front."""
        if answer.status == 200:
            return None if answer.body.strip() == b"ok" else Complaint("Is that the address of a webhook?")
        gone = 400 <= answer.status < 500 and any(name in str(said(answer).get("id", "")) for name in GONE)
        return Complaint("The webhook was deleted: make a new one." if gone else "", permanent=gone)

    def target(self, config: Config) -> str:
        return f"a channel at {urlsplit(config.get('url', '')).hostname or '…'}"


def written(outgoing: Outgoing) -> dict[str, Any]:
    ways = " · ".join(f"[{link.label}]({link.url})" for link in links(outgoing))
    return {
        "fallback": escaped(outgoing.subject),
        "color": f"#{tint(outgoing)}",
        "title": escaped(outgoing.subject),
        "text": f"{cut(escaped(body(outgoing)), MOST)}\n\n{ways}".strip(),
    }


def escaped(text: str) -> str:
    """No markup, and no @all: an invisible space after “@” keeps it from calling anybody."""
    return _MARKUP.sub(r"\\\1", text).replace("@", "@\u200b")


transports.register("mattermost", MattermostTransport())
