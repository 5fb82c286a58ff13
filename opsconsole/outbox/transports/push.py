"""Web push: a notification in a browser or on a phone, encrypted for it alone (RFC 8291) and signed by the console (VAPID)."""

import base64
import json
import re
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.addresses import callable_address
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField, transports
from opsconsole.outbox.transports.posting import IN_ALL, Complaint, Posting
from opsconsole.outbox.transports.wording import acknowledge_url, body, cut, is_grave

KEPT_FOR = 24 * 3600  # seconds for which a push service keeps it while the phone is off
TITLE, BODY = 100, 600  # characters, of four bytes at the most; all of it may have 3,993
_KEY = re.compile(r"[A-Za-z0-9_-]{20,200}={0,2}")


class PushForm(ConfigForm):
    """What the browser gives when somebody allows notifications; no person types it."""

    endpoint = SecretField(max_length=1000, help_text="The browser’s address at its push service.")
    p256dh = SecretField(max_length=200, help_text="The browser’s public key.")
    auth = SecretField(max_length=200, help_text="The browser’s shared secret.")
    device = forms.CharField(max_length=60, required=False, help_text="What to call it.")

    def clean_endpoint(self) -> str:
        url = callable_address(self.cleaned_data["endpoint"], example="https://push.example.com/…")
        if url and not url.startswith("https://"):
            raise ValidationError("A push service is called over https only.")
        return url

    def clean(self) -> None:
        for name in ("p256dh", "auth"):
            if (given := self.cleaned_data.get(name)) and not _KEY.fullmatch(given):
                raise ValidationError("The browser gave no keys: allow notifications anew.")


class PushTransport(Posting):
    kind, label, icon, form = "push", "Notification in a browser", "monitor-smartphone", PushForm
    group, about, is_brand = (
        Group.PHONE,
        "On your own phone or computer, without an app; one tap acknowledges.",
        False,
    )
    topics = ("incidents",)

    def request(self, outgoing: Outgoing) -> Request:
        config = outgoing.config
        headers = {
            "TTL": str(KEPT_FOR),
            "Urgency": "high" if is_grave(outgoing) else "normal",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Expect": "",
            **signature(config),
        }
        sealed = encrypted(json.dumps(shown(outgoing), ensure_ascii=False).encode(), config)
        return Request(
            config["endpoint"], method="POST", body=sealed, headers=headers, timeout=IN_ALL, limit=64 * 1024
        )

    def complaint(self, answer: Answer) -> Complaint | None:
        """404 and 410 say that the browser wants no more, as RFC 8030 has it."""
        if 200 <= answer.status < 300:
            return None
        gone = answer.status in (404, 410)
        advice = "The browser has given this up: allow notifications there anew." if gone else ""
        return Complaint(advice, permanent=gone)

    def taken(self, answer: Answer) -> str:
        return f"the push service answered {answer.status}"

    def target(self, config: Config) -> str:
        host = urlsplit(config.get("endpoint", "")).hostname or ""
        return f"{config.get('device') or 'a browser'}, by {host}"


def shown(outgoing: Outgoing) -> dict[str, Any]:
    """What the service worker makes a notification of. `tag`: a later one of the same incident takes its place."""
    return {
        "title": cut(outgoing.subject, TITLE),
        "body": cut(body(outgoing), BODY),
        "url": outgoing.url or settings.OPSCONSOLE_URL,
        "acknowledge": acknowledge_url(outgoing),
        "tag": str(outgoing.data.get("incident") or outgoing.uuid),
        "grave": is_grave(outgoing),
    }


def encrypted(plain: bytes, config: Config) -> bytes:
    """Loaded with the first push, since it brings the whole of `cryptography` along."""
    curves = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    sealed: bytes = import_module("http_ece").encrypt(
        plain,
        private_key=curves.generate_private_key(curves.SECP256R1()),
        dh=unpadded(config["p256dh"]),
        auth_secret=unpadded(config["auth"]),
        version="aes128gcm",
    )
    return sealed


def signature(config: Config) -> dict[str, str]:
    parts = urlsplit(config["endpoint"])
    key = import_module("py_vapid").Vapid02.from_raw(config["vapid"].encode())
    contact = settings.OPSCONSOLE_URL if settings.HTTPS else "mailto:ops@example.com"
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": contact}
    signed: dict[str, str] = key.sign(claims)
    return signed


def new_key() -> str:
    """A private key, as browsers and push services spell keys."""
    vapid = import_module("py_vapid").Vapid02()
    vapid.generate_keys()
    return spelt(vapid.private_key.private_numbers().private_value.to_bytes(32, "big"))


def public_key(private: str) -> str:
    """What a browser must be given before it subscribes."""
    numbers = import_module("py_vapid").Vapid02.from_raw(private.encode()).public_key.public_numbers()
    return spelt(b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"))


def spelt(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


transports.register("push", PushTransport())
