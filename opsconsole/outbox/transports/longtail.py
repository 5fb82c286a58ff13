"""Apprise, for the hundred services that have no kind of their own. It runs in a process of its own, see `errand.py`."""

import json
import os
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.phrases import closed, one_line
from opsconsole.outbox.transports.base import (
    Config,
    ConfigForm,
    Group,
    Outgoing,
    Receipt,
    SecretField,
    Transport,
    TransportError,
    transports,
)
from opsconsole.outbox.transports.posting import without
from opsconsole.outbox.transports.wording import is_grave, is_over

IN_ALL = 14.0  # seconds; two after another stay below what a transport promises
AT_ONCE = BoundedSemaphore(2)  # each takes fifty megabytes while it lasts
LATE = "Apprise did not come to an end in time."
BROKEN = "Apprise ended without an answer."


class AppriseForm(ConfigForm):
    url = SecretField(
        label="Apprise’s address of the service",
        help_text="appriseit.com/services lists them, each with its address, such as gotify://host/token or "
        "mailto://user:password@gmail.com. It is kept encrypted.",
    )
    service = ""

    def clean_url(self) -> str:
        """Apprise itself says whether it understands it; nothing is sent."""
        url: str = self.cleaned_data["url"].strip()
        if url:
            found = run({"url": url, "check": True})
            if not found.get("ok"):
                raise ValidationError(found.get("detail") or BROKEN)
            self.service = str(found["service"])
        return url

    def config(self) -> Config:
        return {**super().config(), **({"service": self.service} if self.service else {})}


class AppriseTransport(Transport):
    kind, label, icon, form = "apprise", "Other service (Apprise)", "plug", AppriseForm
    group, is_brand, shared = Group.OTHERS, True, True
    about = "Gotify, Rocket.Chat, Matrix, Signal, Zulip, Home Assistant and about a hundred more."

    def send(self, outgoing: Outgoing) -> Receipt:
        url = outgoing.config["url"]
        found = run({"url": url, "title": outgoing.subject, "body": outgoing.text, "tone": tone(outgoing)})
        if found.get("ok"):
            return Receipt(f"{found.get('service')} took it")
        if refused := found.get("refused"):
            raise TransportError(str(refused), permanent=True)
        detail = without(
            one_line(str(found.get("detail") or BROKEN)), [*self.secrets(outgoing.config), *_words(url)]
        )
        raise TransportError(closed(detail[:400]))

    def target(self, config: Config) -> str:
        return str(config.get("service") or "a service of Apprise")


def tone(outgoing: Outgoing) -> str:
    if is_over(outgoing):
        return "success"
    return "failure" if is_grave(outgoing) else "warning" if outgoing.data.get("severity") else "info"


def _words(url: str) -> list[str]:
    """Each part of the address that may be a key."""
    parts = urlsplit(url)
    words = [parts.username, parts.password, parts.netloc, *parts.path.split("/")]
    return [word for word in words if word and len(word) >= 6]


def run(errand: dict[str, Any]) -> dict[str, Any]:
    """What the errand says: ok, detail, refused, service. Never raises."""
    told = json.dumps({**errand, "allowed": settings.OPSCONSOLE_ALLOWED_NETWORKS}).encode()
    with AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-B", "-m", "opsconsole.outbox.errand"],
                input=told,
                capture_output=True,
                timeout=IN_ALL,
                check=True,
                cwd=settings.BASE_DIR,
                env=_poor(),
            )
            found = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return {"ok": False, "detail": LATE}
        except (subprocess.SubprocessError, OSError, ValueError):
            return {"ok": False, "detail": BROKEN}
    return found if isinstance(found, dict) else {"ok": False, "detail": BROKEN}


def _poor() -> dict[str, str]:
    """An environment without our secrets, and without a proxy that would connect past the guard."""
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": "/nonexistent"}


transports.register("apprise", AppriseTransport())
