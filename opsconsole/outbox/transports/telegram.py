"""Telegram: a bot that writes to a person, a group or a channel."""

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.base import (
    Config,
    ConfigForm,
    Group,
    Outgoing,
    Receipt,
    SecretField,
    TransportError,
    transports,
)
from opsconsole.outbox.transports.phones import is_reachable
from opsconsole.outbox.transports.posting import Complaint, Posting, asked, posted, said, seconds
from opsconsole.outbox.transports.wording import Link, acknowledge_url, body, links

MOST = 4096  # characters, as UTF-16 counts them
TEST = "channel.test"
SOON = 10.0  # seconds
_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
_CHAT = re.compile(r"-?\d{3,}|@\w{4,}")
GONE = ("chat not found", "group chat was upgraded", "user is deactivated", "peer_id_invalid")


class TelegramForm(ConfigForm):
    token = SecretField(
        label="The bot’s token",
        help_text="Write /newbot to @BotFather in Telegram; it answers with a token such as 123456789:AAE….",
    )
    chat = forms.CharField(
        label="Chat id",
        max_length=40,
        help_text="Write something to the bot, or add it to the group, then look for “chat”: {“id”: …} at "
        "api.telegram.org/bot<token>/getUpdates. A group’s id begins with “-”; a channel has a name such as @ops.",
    )

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if token and not _TOKEN.fullmatch(token):
            raise ValidationError("A bot’s token has digits, a colon and 35 letters, as @BotFather wrote it.")
        return token

    def clean_chat(self) -> str:
        chat: str = self.cleaned_data["chat"].strip()
        if not _CHAT.fullmatch(chat):
            raise ValidationError(
                "A chat’s id is a number such as 123456789 or -1001234567890, or a name such as @ops."
            )
        return chat


class TelegramTransport(Posting):
    kind, label, icon, form = "telegram", "Telegram", "send", TelegramForm
    group, about = Group.CHAT, "From a bot of yours, to a person, a group or a channel."
    api = "https://api.telegram.org"
    hook = "telegram"
    app = "token"
    hook_use = "Telegram tells at this address which button was pressed. The console tells it so: you need not enter it anywhere."

    def __init__(self) -> None:
        self.led: dict[str, str] = {}
        """By the token of each bot where this process last told Telegram that its buttons lead."""

    def send(self, outgoing: Outgoing) -> Receipt:
        """Telegram is told where buttons lead; if it does not take that, a test says why, and any other message has links."""
        config = outgoing.config
        try:
            if _acts(config) and (outgoing.type == TEST or self._is_new(outgoing)):
                self._subscribe(outgoing)
        except TransportError:
            if outgoing.type == TEST:
                raise
            outgoing = replace(outgoing, config={**config, "hook": ""})
        return super().send(outgoing)

    def _is_new(self, outgoing: Outgoing) -> bool:
        config = outgoing.config
        return bool(acknowledge_url(outgoing)) and self.led.get(config["token"]) != self.hook_url(config)

    def _subscribe(self, outgoing: Outgoing) -> None:
        config = outgoing.config
        request = replace(self._subscription(config), timeout=SOON)  # the message itself has still to go
        answer = asked(request, self.secrets(config))
        if complaint := self.complaint(answer):
            raise self.refusal(answer, complaint, outgoing.at)
        self.led[config["token"]] = self.hook_url(config)

    def _subscription(self, config: Config) -> Request:
        where = {"url": self.hook_url(config), "secret_token": secret_token(config)}
        return posted(
            f"{self.api}/bot{config['token']}/setWebhook", {**where, "allowed_updates": ["callback_query"]}
        )

    def request(self, outgoing: Outgoing) -> Request:
        message = {"chat_id": outgoing.config["chat"], **written(outgoing)}
        return posted(f"{self.api}/bot{outgoing.config['token']}/sendMessage", message)

    def complaint(self, answer: Answer) -> Complaint | None:
        found = said(answer)
        if answer.status == 200 and found.get("ok") is True:
            return None
        why = str(found.get("description", ""))
        # Its own sentence is needed: a proxy on the way says 403 or 404 as well.
        gone = bool(why) and (
            answer.status in (401, 403, 404) or any(phrase in why.lower() for phrase in GONE)
        )
        return Complaint(_advice(answer.status, why), gone, _wait(found))

    def taken(self, answer: Answer) -> str:
        result = said(answer).get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        return f"posted as message {number}" if number else "posted"

    def target(self, config: Config) -> str:
        return f"chat {config.get('chat', '')}"


def _advice(status: int, why: str) -> str:
    if status in (401, 404) and why:
        return "Is the bot’s token still the one that @BotFather shows?"
    return "Has the bot been added to the chat, and the id copied whole?" if "chat not found" in why else ""


def _wait(found: dict[str, Any]) -> float | None:
    facts = found.get("parameters")
    return seconds(facts.get("retry_after")) if isinstance(facts, dict) else None


def written(outgoing: Outgoing) -> dict[str, Any]:
    """Plain text with a bold first line; without a parse mode no character means anything."""
    text = _cut(f"{outgoing.subject}\n\n{body(outgoing)}".strip())
    message: dict[str, Any] = {
        "text": text,
        "entities": [{"type": "bold", "offset": 0, "length": _units(outgoing.subject)}],
        "link_preview_options": {"is_disabled": True},
    }
    if buttons := [_button(link, outgoing) for link in links(outgoing) if _is_public(link.url)]:
        message["reply_markup"] = {"inline_keyboard": [buttons]}
    else:
        message["text"] = _cut(f"{outgoing.subject}\n\n{outgoing.text}".strip())
    return message


def secret_token(config: Config) -> str:
    """What Telegram sends along with each call, so that we know it by more than the address."""
    return hmac.new(config["hook"].encode(), config["token"].encode(), hashlib.sha256).hexdigest()


def _acts(config: Config) -> bool:
    return bool(config.get("hook")) and is_reachable() and settings.OPSCONSOLE_URL.startswith("https://")


def _button(link: Link, outgoing: Outgoing) -> dict[str, str]:
    """Where Telegram can call us, the button acts in place; elsewhere it opens the link."""
    if link.label == "Acknowledge" and _acts(outgoing.config):
        return {"text": link.label, "callback_data": f"a:{outgoing.uuid.hex}"}
    return {"text": link.label, "url": link.url}


def _cut(text: str) -> str:
    raw = text.encode("utf-16-le")
    return text if len(raw) <= 2 * MOST else f"{raw[: 2 * (MOST - 1)].decode('utf-16-le', errors='ignore')}…"


def _units(text: str) -> int:
    """Telegram counts as UTF-16 does."""
    return len(text.encode("utf-16-le")) // 2


def _is_public(url: str) -> bool:
    """It refuses a whole message for a button that leads to a name without a dot."""
    return "." in (urlsplit(url).hostname or "")


transports.register("telegram", TelegramTransport())
