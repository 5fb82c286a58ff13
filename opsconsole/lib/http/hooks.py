"""What outgoing webhooks have in common: signatures as Standard Webhooks has them, and how answers are read."""

import base64
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from standardwebhooks import Webhook

from opsconsole.lib.clock import epoch
from opsconsole.lib.phrases import one_line


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def signed(message_id: str, at: datetime, body: str, keys: Sequence[str]) -> dict[str, str]:
    """The three headers; every key signs, so that a receiver may change from one to another at leisure."""
    at = at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(epoch(at)),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, at, body) for key in keys),
    }


def excerpt(body: bytes) -> str:
    """The beginning of an answer, printable, on one line."""
    text = one_line(body[:600])
    return f" “{text[:200]}{'…' if len(text) > 200 else ''}”" if text else ""


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds, from a number or an HTTP date; None when it is neither. At most a day."""
    seconds: float | None = None
    with suppress(ValueError, TypeError, OverflowError):
        seconds = (
            float(value) if value.strip().isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
        )
    return None if seconds is None else min(max(seconds, 0), 86400)
