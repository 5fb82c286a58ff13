"""A message as it will be sent: rendered once, at its cause, from templates/messages/<name>.{subject,txt,html}."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Message:
    """subject: one line; text: plain; html: optional; data: what machines get (JSON-able)."""

    subject: str
    text: str
    html: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        return asdict(self)


def render(name: str, context: dict[str, Any], *, data: dict[str, Any] | None = None) -> Message:
    """Render templates/messages/<name>.subject and .txt, and .html where there is one.

    `base_url` is in the context: messages are read outside the console and need whole addresses.
    """
    context = {"base_url": settings.OPSCONSOLE_URL, **context}
    subject = " ".join(render_to_string(f"messages/{name}.subject", context).split())[:250]
    try:
        html = str(render_to_string(f"messages/{name}.html", context))
    except TemplateDoesNotExist:
        html = ""
    return Message(
        subject, render_to_string(f"messages/{name}.txt", context).strip() + "\n", html, data or {}
    )
