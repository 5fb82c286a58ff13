"""Template tags that are there in every template."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from opsconsole.lib import durations, figures, markdown
from opsconsole.ui import charts
from opsconsole.ui.forms import complaints

register = template.Library()
register.filter(complaints)

_WORDS = {"ok": "Fine", "look": "Look", "bad": "Bad", "unknown": "Not verified", "maintained": "Maintenance"}


@register.simple_tag
def tag(tone: str, word: str = "") -> SafeString:
    """A verdict: colour, word and shape together. `{% tag "bad" %}` or `{% tag tone "P1 · open" %}`."""
    return format_html('<span class="tag {}">{}</span>', tone or "unknown", word or _WORDS.get(tone, tone))


_FIGURE = re.compile(r"\d (?:%|(?:ms|s|min|h|days?)(?: \d+ (?:s|min|h))?)(?!\w)")


_INCIDENT = re.compile(r"\bINC-\d+")


@register.filter
def glued(text: object) -> SafeString:
    """Figures and names of incidents stay whole when a sentence breaks into lines.

    “14 h 45 min” gets spaces that do not break; “INC-042” keeps the hyphen that people search for.
    """
    figures_whole = _FIGURE.sub(lambda found: found[0].replace(" ", "\u00a0"), conditional_escape(str(text)))
    return SafeString(_INCIDENT.sub(r'<span class="keep">\g<0></span>', figures_whole))


@register.filter
def verdict_word(tone: str) -> str:
    return _WORDS.get(str(tone), str(tone))


@register.simple_tag
def clock(moment: datetime | None, style: str = "time") -> SafeString:
    """A moment in the reader's zone with its abbreviation; the hover has UTC.

    style: time “08:55 CET” · short “16 Nov 08:55 CET” · exact “16 Nov 08:55:30 CET”
    · dense “16 Nov 08:55”, where many stand below each other · full “Monday 16 November 2026, 08:55 CET” · day “16 Nov 2026”
    · weekday “Monday 08:55 CET” · bare “08:55” · ago “38 min ago” · since “08:55 CET” today, “16 Nov, 08:55 CET” before.
    """
    if moment is None:
        return SafeString("–")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.astimezone(UTC).strftime("%d %b %Y %H:%M:%S"),
        said(local, style),
    )


@register.filter
def when(moment: datetime | None, style: str = "time") -> str:
    """`{% clock %}` as plain text, for mails: `{{ incident.opened_at|when:"short" }}`."""
    return "–" if moment is None else said(timezone.localtime(moment), style)


def said(local: datetime, style: str) -> str:
    return _STYLES.get(style, _STYLES["time"])(local)


def _date(local: datetime) -> str:
    """“16 Nov”, with the year when it is not this one."""
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def since(local: datetime, now: datetime) -> str:
    if local.date() == now.date():
        return f"{local:%H:%M} {local:%Z}"
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}, {local:%H:%M} {local:%Z}"


def ago(moment: datetime, now: datetime) -> str:
    """“just now”, “38 min ago”, “in 5 min”."""
    span = now - moment
    if abs(span) < timedelta(seconds=5):
        return "just now"
    if abs(span) >= timedelta(minutes=1):
        span = timedelta(minutes=round(span / timedelta(minutes=1)))
    return f"{durations.words(span)} ago" if span > timedelta() else f"in {durations.words(-span)}"


_STYLES: dict[str, Callable[[datetime], str]] = {
    "time": lambda local: f"{local:%H:%M} {local:%Z}",
    "bare": lambda local: f"{local:%H:%M}",
    "short": lambda local: f"{_date(local)} {local:%H:%M} {local:%Z}",
    "exact": lambda local: f"{_date(local)} {local:%H:%M:%S} {local:%Z}",
    "dense": lambda local: f"{_date(local)} {local:%H:%M}",
    "day": lambda local: f"{local.day} {local:%b %Y}",
    "weekday": lambda local: f"{local:%A} {local:%H:%M} {local:%Z}",
    "full": lambda local: f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} {local:%Z}",
    "ago": lambda local: ago(local, timezone.now()),
    "since": lambda local: since(local, timezone.localtime()),
}


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    return "–" if seconds is None else durations.words(seconds)


@register.filter
def markdown_html(text: str) -> SafeString:
    return markdown.render(text)


@register.simple_tag
def value(number: float | None, unit: str = "", digits: int | None = 0) -> SafeString:
    """A figure with its unit, as everywhere: `{% value reading.value measure.unit measure.digits %}`."""
    said = figures.written(number, unit, digits)
    if said.unit in ("", "%"):
        return format_html("{}", str(said).replace(" ", "\u00a0"))
    return format_html("{}\u00a0<small>{}</small>", said.number, said.unit)


@register.simple_tag
def change(delta: float | None, unit: str = "", digits: int | None = 0) -> str:
    """A difference with its sign: “+2”, “−12 min”, “same”."""
    return figures.change(delta, unit, digits).replace(" ", "\u00a0")


@register.simple_tag
def value_text(number: float | None, unit: str = "", digits: int | None = 0) -> str:
    """The same for plain text: mails and titles."""
    return str(figures.written(number, unit, digits))


@register.filter
def figure(value: float | None, digits: int = 0) -> str:
    """1234.5 → “1,234.5”; nothing → “–”."""
    return str(figures.written(value, "", digits))


@register.filter
def percent(value: float | None, digits: int = 2) -> str:
    """A share of 1 as per cent: 0.9996 → “99.96 %”."""
    return figures.per_cent(value, digits)


@register.simple_tag
def sparkline(values: list[float | None]) -> SafeString:
    return charts.sparkline(values)


@register.simple_tag
def bars(spans: list[charts.Bar], label: str) -> SafeString:
    return charts.bars(spans, label)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """`{{ mapping|get:key }}`, nothing when absent."""
    return mapping.get(key)


@register.filter
def allows(user: Any, role: str) -> bool:
    """`{% if user|allows:"manager" %}` shows what the service would permit."""
    return bool(user and user.is_authenticated and user.may(role))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present query string with some parameters changed: `<a href="?{% query after=cursor %}">`."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = value
    encoded: str = parameters.urlencode()
    return encoded


class Field(template.Node):
    """`{% field form.email %}`: label, control, help and errors, tied together for screen readers.

    The first field that is wrong gets the cursor: on a long page it would be out of sight.
    """

    def __init__(self, bound: FilterExpression) -> None:
        self.bound = bound

    def render(self, context: template.Context) -> SafeString:
        bound = self.bound.resolve(context)
        if bound and bound.name == next(
            (name for name in bound.form.errors if name in bound.form.fields), None
        ):
            bound.field.widget.attrs["autofocus"] = True
        return SafeString(
            context.template.engine.get_template("components/field.html").render(  # type: ignore[union-attr]
                context.new({"field": bound})
            )
        )


@register.tag
def field(parser: Parser, token: Token) -> Field:
    _, bound = token.split_contents()
    return Field(parser.compile_filter(bound))
