"""A message as it will be sent: rendered once, at its cause, from templates/messages/<name>.{subject,txt,html}."""

from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone

from opsconsole.accounts.selectors import team_zone


@dataclass(frozen=True)
class Message:
    """subject: one line; text: plain; html: optional; data: what machines get (JSON-able)."""

    subject: str
    text: str
    html: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        return asdict(self)


def render(
    name: str, context: dict[str, Any], *, data: dict[str, Any] | None = None, zone: ZoneInfo | None = None
) -> Message:
    """Render templates/messages/<name>.subject and .txt, and .html (extending base_mail.html) where there is one.

    `base_url` is in the context: messages are read outside the console and need whole addresses. Times are shown in `zone`,
    the team's when absent: `{{ moment|when:"short" }}` in text, `{% clock moment "short" %}` in html.
    """
    context = {"base_url": settings.OPSCONSOLE_URL, **context}
    with timezone.override(zone or team_zone()):
        subject = " ".join(_plain(f"{name}.subject", context).split())[:250]
        return Message(
            subject, _plain(f"{name}.txt", context).strip() + "\n", _html(name, context), data or {}
        )


def _plain(file: str, context: dict[str, Any]) -> str:
    """Without escaping, which belongs into HTML only."""
    template = Engine.get_default().get_template(f"messages/{file}")
    return str(template.render(Context(context, autoescape=False)))


def _html(name: str, context: dict[str, Any]) -> str:
    try:
        return str(render_to_string(f"messages/{name}.html", context))
    except TemplateDoesNotExist:
        return ""
