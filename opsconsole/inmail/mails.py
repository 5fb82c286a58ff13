"""Raw MIME into what a taker needs. Pure."""

import email.policy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.utils import getaddresses

from django.utils.html import strip_tags

_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_IDENTIFIED = re.compile(rb"^message-id:\s*\S", re.I | re.M)
_HEAD = 64 * 1024


class Unreadable(ValueError):
    """No mail can be made of it; the message is a sentence."""


@dataclass(frozen=True)
class Mail:
    """Addresses are in small letters; `text` is the plain part, or the HTML part without its tags."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    raw: bytes


def is_identified(raw: bytes) -> bool:
    """Whether it has a Message-ID, so that two alike are one sent twice."""
    head = re.split(rb"\r?\n\r?\n", raw[:_HEAD], maxsplit=1)[0]
    return bool(_IDENTIFIED.search(head))


def parsed(raw: bytes, envelope: Sequence[str], at: datetime) -> Mail:
    """Raises Unreadable for what has neither sender nor recipient, or breaks the parser."""
    try:
        message = message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
        sender = next(iter(_addresses(_all(message, "From"))), "")
        headers = [value for name in _TO for value in _all(message, name)]
        recipients = tuple(dict.fromkeys(_addresses(envelope or headers)))
        subject, message_id = (_plain(" ".join(_all(message, name))) for name in ("Subject", "Message-ID"))
        text = _plain(_text(message))
    except Exception as error:
        raise Unreadable(f"It is no mail that can be read ({type(error).__name__}).") from error
    if not sender and not recipients:
        raise Unreadable("It has neither a sender nor a recipient.")
    return Mail(at, sender[:320], recipients[:50], subject[:300], text, message_id[:300], raw)


def _all(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _addresses(values: Iterable[str]) -> list[str]:
    return [_plain(address).lower() for _, address in getaddresses(list(values)) if "@" in address]


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError, KeyError):  # a charset that nobody knows
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return strip_tags(content) if part.get_content_subtype() == "html" else content


def _plain(text: str) -> str:
    """What every database can hold."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode().strip()
