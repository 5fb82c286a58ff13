"""What the pages of integrations show, put together."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.mapping import OVER, Found, alert_of, fields_of, guessed, items_of
from monitoring.inbound.models import Arrival, Fate, Integration
from monitoring.inbound.parcels import Heard

TONES: dict[str, str] = {Fate.WAITING: "look", Fate.READ: "ok", Fate.UNREADABLE: "bad", Fate.FORGED: "bad"}
SHOWN = 100_000  # characters of a body on a page


@dataclass(frozen=True)
class Row:
    """A line of the list: how it stands, in a tone and a word."""

    integration: Integration
    kind: Kind | None
    tone: str
    word: str
    note: str


def row_of(integration: Integration) -> Row:
    """Of one that the list has read, with the fate of its last delivery."""
    kind, fate, note = kinds.get(integration.kind), getattr(integration, "last_fate", None), ""
    if not integration.is_active:
        return Row(integration, kind, "unknown", "Switched off", "It answers as if there were no such key.")
    if not fate:
        return Row(integration, kind, "unknown", "Nothing came yet", "")
    note = getattr(integration, "last_note", "") or ""
    return Row(integration, kind, TONES[Fate(fate)], Fate(fate).label, note)


@dataclass(frozen=True)
class Setup:
    """What to put into the other system, with the key, or with dots in its place."""

    url: str
    lines: str
    curl: str


def setup_of(integration: Integration, key: str = "") -> Setup:
    kind, shown = kinds[integration.kind], key or f"{integration.prefix}••••••••"
    base, place = settings.OPSCONSOLE_URL, urlsplit(settings.OPSCONSOLE_URL)
    path = kind.path.replace("{key}", shown)
    words = {"{url}": base + path, "{key}": shown, "{base}": base, "{path}": path, "{scheme}": place.scheme}
    words["{host}"] = place.netloc
    lines, example = kind.setup, kind.example
    for name, value in words.items():
        lines, example = lines.replace(name, value), example.replace(name, value)
    said = example.replace("'", "'\\''")
    curl = f"curl -X POST '{base}{path}' -H 'Content-Type: application/json' -d '{said}'"
    return Setup(base + path, lines, curl)


def readable(body: bytes) -> str:
    """A body for people: JSON with indents, anything else as it is; its beginning where it is long."""
    said = body.decode(errors="replace")
    with suppress(ValueError, RecursionError):
        said = json.dumps(json.loads(said), indent=2, ensure_ascii=False)
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}\n…"


@dataclass(frozen=True)
class Preview:
    """What the last delivery would become: each field with where it is taken from, and the first alert; `count` of them."""

    fields: list[Found]
    alert: Heard
    count: int


def preview_of(mapping: dict[str, str], data: Any) -> Preview | None:
    """None where the path of the list finds nothing."""
    items = items_of(mapping, data)
    return Preview(fields_of(mapping, items[0]), alert_of(mapping, items[0]), len(items)) if items else None


def last_json(integration: Integration) -> tuple[Arrival | None, Any]:
    """The newest delivery that is JSON, of the last five, and its content."""
    for arrival in Arrival.objects.filter(integration=integration)[:5]:
        try:
            return arrival, json.loads(arrival.body)
        except (ValueError, RecursionError):
            continue
    return None, None


def mapping_of(integration: Integration, data: Any) -> dict[str, str]:
    """As people set it, else as it is guessed from what came."""
    set_by_people: dict[str, str] = integration.config.get("mapping") or {}
    return {"over": OVER, **set_by_people} if set_by_people else guessed(data)
