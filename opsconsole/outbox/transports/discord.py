"""Discord: a webhook of one channel."""

import re
from typing import Any

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import provider_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said, seconds
from opsconsole.outbox.transports.wording import body, cut, links, tint

TITLE, DESCRIPTION = 256, 4096
UNKNOWN, BAD_TOKEN = 10015, 50027
_MARKUP = re.compile(r"([\\*_~`|>\[\]()#@<-])")


class DiscordForm(ConfigForm):
    url = SecretField(
        label="Webhook address",
        help_text="In Discord: the channel’s settings, Integrations, Webhooks, New Webhook, Copy Webhook URL.",
    )

    def clean_url(self) -> str:
        example = "https://discord.com/api/webhooks/"
        return provider_address(self.cleaned_data["url"], "discord.com", "discordapp.com", example=example)


class DiscordTransport(Posting):
    kind, label, icon, form = "discord", "Discord", "messages-square", DiscordForm
    group, about = Group.CHAT, "To a channel of your server."

    def request(self, outgoing: Outgoing) -> Request:
        return posted(outgoing.config["url"], written(outgoing))

    def complaint(self, answer: Answer) -> Complaint | None:
        """Only its own code says that the webhook is gone; what stands before it answers 404 as well."""
        if 200 <= answer.status < 300:
            return None
        gone = said(answer).get("code") in (UNKNOWN, BAD_TOKEN)
        return Complaint(
            "The webhook was deleted: make a new one." if gone else "",
            gone,
            seconds(said(answer).get("retry_after")),
        )

    def target(self, _config: Config) -> str:
        return "the webhook’s channel"


def written(outgoing: Outgoing) -> dict[str, Any]:
    """One embed; nothing in it calls anybody, whatever it says."""
    ways = " · ".join(f"[{link.label}]({link.url})" for link in links(outgoing))
    room = DESCRIPTION - len(ways) - 2
    text = f"{cut(escaped(body(outgoing)), room)}\n\n{ways}".strip()
    title = cut(escaped(outgoing.subject), TITLE)
    return {
        "embeds": [{"title": title, "description": text, "color": int(tint(outgoing), 16)}],
        "allowed_mentions": {"parse": []},
    }


def escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


transports.register("discord", DiscordTransport())
