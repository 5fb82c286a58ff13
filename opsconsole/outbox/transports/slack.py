"""Slack: through an incoming webhook, or as a bot in a channel."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import provider_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import Complaint, Posting, posted, said
from opsconsole.outbox.transports.wording import Link, body, cut, links

OLDEST = 300  # seconds
HEADING, SECTION, FALLBACK = 150, 3000, 3000  # characters that a block of each kind may have
# What no further attempt mends: the place or the permission is gone.
GONE = frozenset(
    [
        "account_inactive",
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_auth",
        "invalid_token",
        "is_archived",
        "missing_scope",
        "no_permission",
        "no_service",
        "no_team",
        "not_authed",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "team_disabled",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "user_not_found",
    ]
)
ADVICE = {
    "not_in_channel": "Invite the bot into the channel with /invite.",
    "channel_not_found": "Check the channel’s name, and invite the bot into it.",
    "missing_scope": "Give the app the scope chat:write and install it anew.",
}


class SlackForm(ConfigForm):
    url = SecretField(
        label="Webhook address",
        required=False,
        help_text="At api.slack.com/apps: your app, Incoming Webhooks, Add New Webhook. It begins with "
        "https://hooks.slack.com/services/.",
    )
    token = SecretField(
        label="Or a bot’s token",
        required=False,
        help_text="At api.slack.com/apps: your app, OAuth & Permissions, with the scope chat:write. It begins with xoxb-.",
    )
    signing = SecretField(
        label="The app’s signing secret",
        required=False,
        help_text="For a button that acknowledges in place: under Basic Information, App Credentials. The page of the channel "
        "then says which address to enter in Slack.",
    )
    channel = forms.CharField(
        label="Channel for the bot",
        required=False,
        max_length=80,
        help_text="#ops, or its id from the end of “Copy link”. Invite the bot into it with /invite.",
    )

    def clean_url(self) -> str:
        hosts, example = ("hooks.slack.com", "hooks.slack-gov.com"), "https://hooks.slack.com/services/"
        return provider_address(self.cleaned_data["url"], *hosts, example=example)

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if token and not token.startswith("xoxb-"):
            raise ValidationError(
                "A bot’s token begins with xoxb-; other tokens of Slack do not post messages."
            )
        return token

    def clean(self) -> None:
        if not self.errors and not self.has("url") and not self.has("token"):
            raise ValidationError("Give either the address of a webhook, or a bot’s token and its channel.")
        if self.has("token") and not self.cleaned_data.get("channel"):
            self.add_error("channel", "Name the channel that the bot posts to.")


class SlackTransport(Posting):
    kind, label, icon, form = "slack", "Slack", "hash", SlackForm
    group, about = Group.CHAT, "To a channel of your workspace, with a button to acknowledge."
    api = "https://slack.com/api"
    hook = "slack"
    hook_use = (
        "So that the button acknowledges in place: at api.slack.com/apps, your app, Interactivity & Shortcuts, switch it on and "
        "enter this address as Request URL. It needs a bot, and the app’s signing secret in the settings of this channel. One is "
        "enough for all channels of the same app."
    )
    app = "signing"

    def request(self, outgoing: Outgoing) -> Request:
        config = outgoing.config
        if back := outgoing.data.get("response_url"):
            return posted(str(back), aside(outgoing))
        message = written(outgoing)
        if not config.get("token"):
            return posted(config["url"], message)
        message["channel"] = config["channel"]
        return posted(f"{self.api}/chat.postMessage", message, Authorization=f"Bearer {config['token']}")

    def complaint(self, answer: Answer) -> Complaint | None:
        """The API says 200 to everything and means `ok`; a webhook says “ok” in plain text."""
        if answer.status == 200 and (answer.body == b"ok" or said(answer).get("ok") is True):
            return None
        error = str(said(answer).get("error") or answer.body.decode(errors="replace").strip())
        return Complaint(ADVICE.get(error, ""), permanent=error in GONE or answer.status == 410)

    def taken(self, answer: Answer) -> str:
        return f"posted as {said(answer).get('ts')}" if said(answer) else "answered 200 “ok”"

    def target(self, config: Config) -> str:
        return (
            f"the bot’s channel {config.get('channel', '')}"
            if config.get("token")
            else "the webhook’s channel"
        )


def escaped(text: str) -> str:
    """Slack's own rule: these three, and nothing else, begin what is no text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_signed(body: bytes, sent_at: str, signature: str, secret: str, now: datetime) -> bool:
    """Slack's rule: “v0” HMAC-SHA256 with the app's secret over moment and body, at most five minutes old."""
    if not sent_at.isascii() or not sent_at.isdigit() or abs(now.timestamp() - int(sent_at[:12])) > OLDEST:
        return False
    told = f"v0:{sent_at}:".encode() + body
    wanted = f"v0={hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(wanted.encode(), signature.encode(errors="replace"))


def aside(outgoing: Outgoing) -> dict[str, Any]:
    """An answer to whoever pressed a button: all see what changed, and only they that nothing did."""
    seen_by = "in_channel" if outgoing.data.get("changed") else "ephemeral"
    return {"text": escaped(outgoing.subject), "response_type": seen_by, "replace_original": False}


def written(outgoing: Outgoing) -> dict[str, Any]:
    """Plain text wherever Slack has it, so that no word of ours becomes markup or calls everybody."""
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(cut(outgoing.subject, HEADING))}]
    if text := body(outgoing):
        blocks.append({"type": "section", "text": _plain(cut(text, SECTION))})
    if buttons := [_button(link, outgoing) for link in links(outgoing)]:
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": escaped(cut(outgoing.subject, FALLBACK)), "blocks": blocks, "unfurl_links": False}


def _button(link: Link, outgoing: Outgoing) -> dict[str, Any]:
    """With the app's signing secret Slack calls us when it is pressed; without, it opens the link."""
    button: dict[str, Any] = {"type": "button", "text": _plain(link.label), "action_id": link.label.lower()}
    if link.label != "Acknowledge":
        return {**button, "url": link.url}
    config = outgoing.config
    acts = config.get("token") and config.get("signing") and config.get("hook")
    return {**button, "style": "primary", **({"value": str(outgoing.uuid)} if acts else {"url": link.url})}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


transports.register("slack", SlackTransport())
