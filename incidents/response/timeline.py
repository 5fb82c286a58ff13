"""Kinds of timeline entries: history is data, and each kind has a small template that makes a sentence of it.

Higher nouns register their own kinds in their `plugins.py`. A template sees `by` (who), the entry's `data`, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.template import Context, Template
from django.utils.safestring import SafeString

from incidents.response.models import TimelineEntry
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Kind:
    """sentence: a Django template; tone: a verdict when the entry is good or bad news."""

    sentence: str
    tone: str = ""


kinds: Registry[Kind] = Registry("kind of timeline entry")
_READ: dict[str, Callable[[str], date]] = {"_at": datetime.fromisoformat, "_on": date.fromisoformat}

_KINDS: dict[str, Kind] = {
    "opened": Kind(
        "{% if by == 'console' %}Opened{% else %}{{ by }} opened it{% endif %} as {{ severity }}"
        "{% if drill %}, a drill{% endif %}{% if why %}: {{ why }}{% endif %}",
        "bad",
    ),
    "change": Kind("{{ title }}: {{ old|lower }} → {{ new|lower }}{% if reason %}. {{ reason }}{% endif %}"),
    "alert": Kind(
        "{% if firing %}Alert: {{ title }}{% if flaps %} goes on and off{% endif %}{% else %}Over: {{ title }}{% endif %}{% if reason %}. {{ reason }}{% endif %}"
    ),
    "alerts": Kind("{{ count }} more alerts {% if firing %}fire{% else %}are over{% endif %}"),
    "storm": Kind("Several services fail at once{% if was %}; it began as “{{ was }}”{% endif %}", "bad"),
    "left": Kind("Not all came back: {{ names }} {{ number|pluralize:'is,are' }} still not up", "bad"),
    "joined": Kind("{{ title }} failed too{% if because %}: {{ because }}{% endif %}", "bad"),
    "mitigated": Kind(
        "{% if by == 'console' %}Everything is up again{% else %}{{ by }} says the impact is over{% endif %}",
        "ok",
    ),
    "relapsed": Kind("Down again after {{ pause }}", "bad"),
    "flapping": Kind(
        "Going up and down: {{ times }} times so far. Until it is calm for 15 min, only the timeline tells",
        "look",
    ),
    "paged": Kind(
        "{% if channels %}Told {{ channels|join:', ' }} ({{ reason }}){% else %}Nobody was told ({{ reason }}): no open"
        " channel listens to incidents{% endif %}{% for s in skipped %}; not {{ s.name }}: {{ s.why }}{% endfor %}",
    ),
    "page_failed": Kind("{{ channel }}: not delivered{% if error %}, {{ error }}{% endif %}", "bad"),
    "acknowledged": Kind("{{ by }} acknowledged{% if there %} “{{ there }}” there{% endif %}", "ok"),
    "taken": Kind("{{ by }} acknowledged “{{ title }}” there; this incident is of more than that"),
    "assigned": Kind("{% if to %}{{ by }} gave it to {{ to }}{% else %}{{ by }} took it back{% endif %}"),
    "note": Kind("{{ by }} noted"),
    "severity": Kind(
        "{{ by }} changed it from {{ old }} to {{ new }}{% if why %}: {{ why }}{% endif %}", "look"
    ),
    "impact": Kind(
        "{{ by }} set the start of the impact from {{ old_at|date:'j M H:i T' }} to {{ new_at|date:'j M H:i T' }}"
    ),
    "again": Kind("{{ by }} reported it again: {{ title }}"),
    "clock": Kind("Target missed: {{ what }} within {{ target }}", "bad"),
    "resolved": Kind(
        "{% if by == 'console' %}Resolved by the console, since all is up and nobody had acknowledged"
        "{% else %}{{ by }} resolved it{% endif %}{% if still %}, while {{ still|join:' and ' }} {{ still|length|pluralize:'was,were' }} not up{% endif %}",
        "ok",
    ),
    "reopened": Kind("{% if by == 'console' %}Reopened{% else %}{{ by }} reopened it{% endif %}", "bad"),
    "merged": Kind("{{ by }} merged it into {{ into }}"),
    "absorbed": Kind("{{ by }} merged {{ other }} into this: {{ title }}"),
}
for _name, _kind in _KINDS.items():
    kinds.register(_name, _kind)


@lru_cache(maxsize=128)
def _template(source: str) -> Template:
    return Template(source)


def _moment(name: str, value: object) -> object:
    read = _READ.get(name[-3:])
    return read(value) if read and value and isinstance(value, str) else value


def _render(entry: TimelineEntry, *, autoescape: bool) -> SafeString:
    kind = kinds.get(entry.kind) or Kind("{{ by }}: " + entry.kind)
    facts = {name: _moment(name, value) for name, value in entry.data.items()} | {"by": entry.signature}
    return _template(kind.sentence).render(Context(facts, autoescape=autoescape))


def sentence(entry: TimelineEntry) -> SafeString:
    """What happened, as HTML."""
    return _render(entry, autoescape=True)


def plain(entry: TimelineEntry) -> str:
    """What happened, as text."""
    return str(_render(entry, autoescape=False))


def tone(entry: TimelineEntry) -> str:
    kind = kinds.get(entry.kind)
    return kind.tone if kind else ""
