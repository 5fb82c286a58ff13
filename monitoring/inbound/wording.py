"""Values of other systems' JSON as ours: texts that can be stored, moments, levels. Pure; nothing here raises."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitoring.alerts.states import Level
from monitoring.inbound.parcels import Heard
from opsconsole.lib.secrets import digest

LONGEST = 2_000  # characters of one label or annotation
MOST = 100  # of them
_LEVELS = {
    Level.P0: "p0 sev0 sev1 critical crit fatal emergency emerg page disaster urgent down",
    Level.P1: "p1 sev2 error err high major alert",
    Level.P2: "p2 sev3 warning warn medium moderate average minor degraded",
    Level.P3: "p3 p4 p5 sev4 sev5 info informational information low notice debug none ok",
}
_WORDS = {word: level for level, words in _LEVELS.items() for word in words.split()}
FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def text(value: Any, longest: int = LONGEST) -> str:
    """As people read it: a string as it is, nothing as “”, everything else as JSON; without what no database can hold."""
    if value is None:
        return ""
    said = value if isinstance(value, str) else dumped(value)
    return said.replace("\x00", "�").encode("utf-8", "replace").decode()[:longest]


def dumped(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "(nested too deeply)"


def texts(value: Any) -> dict[str, str]:
    """Labels or annotations: an object's values as texts, at most a hundred of them; anything else has none."""
    if not isinstance(value, Mapping):
        return {}
    return {text(name, 200): text(said) for name, said in list(value.items())[:MOST]}


def first(*values: Any) -> str:
    """The first that says something."""
    return next((said for value in values if (said := text(value).strip())), "")


def inside(value: Any, *path: str) -> Any:
    """What stands at a path of names within objects; None where the path breaks off."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def level(word: Any) -> Level | None:
    return _WORDS.get(text(word, 20).strip().lower())


def moment(value: Any) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970, in UTC unless it says otherwise. None for none, and for one before 2000."""
    try:
        found = _numbered(float(value)) if _is_number(value) else datetime.fromisoformat(value.strip())
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, AttributeError, OverflowError, OSError):
        return None
    return found if found >= FIRST else None


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().replace(".", "", 1).isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbered(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)


def link(value: Any) -> str:
    """An address that may stand in a page; “” for any other."""
    said = text(value, 500).strip()
    return said if said.startswith(("https://", "http://")) else ""


def named(labels: Mapping[str, str]) -> str:
    """The fingerprint of labels that identify an alert: the same whatever their order."""
    return digest(json.dumps(sorted(labels.items())))[:32]


def unread(item: Any, why: str) -> Heard:
    """An alert in place of one that cannot be read, with what it was: nothing that was sent is lost."""
    raw = text(dumped(item))
    return Heard(
        fingerprint=f"unread:{digest(raw)[:32]}",
        firing=True,
        title=f"Cannot be read: {raw[:100]}",
        labels={"alertname": "What cannot be read"},
        annotations={"why": why, "what came": raw},
        unread=True,
    )
