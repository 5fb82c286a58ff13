"""Where in a JSON that nobody knows each field of an alert stands: paths that people give, else a guess. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitoring.inbound.parcels import Heard
from monitoring.inbound.wording import dumped, level, link, moment, text, unread
from opsconsole.lib import json_paths
from opsconsole.lib.secrets import digest

OVER = "ok, resolved, resolve, recovered, recovery, up, closed, normal, success, healthy, green, inactive, fixed, completed"
PATHS = ("items", "title", "key", "state", "severity", "url", "at")
_NAMES = {
    "title": "Title",
    "key": "Key",
    "state": "State",
    "severity": "Severity",
    "url": "Link",
    "at": "Time",
}
_GUESSES = {
    "title": "title summary subject alert_name alertname name message msg text event description",
    "key": "fingerprint dedup_key alert_id incident_key id key name title",
    "state": "status state alert_state event_type action level",
    "severity": "severity priority level",
    "url": "url link href permalink web_url",
    "at": "at time timestamp date occurred_at created_at updated_at",
}


class BadPath(ValueError):
    """A path that is none; the message is a sentence."""


@lru_cache(maxsize=512)
def _compiled(path: str) -> Any:
    return json_paths.compiled(path)


def check(path: str) -> None:
    """Raises BadPath."""
    try:
        _compiled(path)
    except ValueError as error:
        raise BadPath(str(error)) from None


def found(path: str, data: Any) -> Any:
    """The first value at a path; None where there is none, or the path does not fit what came."""
    if not path:
        return None
    try:
        return next(iter(json_paths.find(_compiled(path), data)), None)
    except (json_paths.TooMuch, RecursionError, TypeError, ValueError):
        return None


def guessed(data: Any) -> dict[str, str]:
    """Paths of the fields whose usual names stand at the top of an object; a list is taken item by item."""
    sample = data[0] if isinstance(data, list) and data else data
    names = {str(name).lower(): str(name) for name in sample} if isinstance(sample, Mapping) else {}
    paths = {field: _guess(words, names) for field, words in _GUESSES.items()}
    return {"items": "$[*]" if isinstance(data, list) else "", "over": OVER, **paths}


def _guess(words: str, names: Mapping[str, str]) -> str:
    name = next((names[word] for word in words.split() if word in names), "")
    return f"$['{name}']" if name and not name.isidentifier() else f"$.{name}" if name else ""


@dataclass(frozen=True)
class Found:
    """One field of the preview, as people call it: where it is taken from, what stands there, and why that is not taken."""

    field: str
    path: str
    value: str
    note: str = ""


def fields_of(mapping: Mapping[str, str], item: Any) -> list[Found]:
    return [_field(name, mapping.get(name, ""), item) for name in PATHS[1:]]


def _field(name: str, path: str, item: Any) -> Found:
    value = found(path, item)
    reader, unfit = _READERS.get(name, (text, ""))
    said = text(value, 300)
    return Found(_NAMES[name], path, said, unfit if said and reader(value) in (None, "") else "")


_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "severity": (level, "which the console does not know"),
    "url": (link, "which is no web address, so there is no link"),
    "at": (moment, "which is no time, so it is when it came"),
}


def items_of(mapping: Mapping[str, str], data: Any) -> list[Any]:
    """The things that are each an alert: those at the path of the list; else all of it is one."""
    path = mapping.get("items", "")
    if not path:
        return [data]
    try:
        items = json_paths.find(_compiled(path), data)
    except (json_paths.TooMuch, RecursionError, TypeError, ValueError):
        items = []
    return items[0] if len(items) == 1 and isinstance(items[0], list) else items


def alert_of(mapping: Mapping[str, str], item: Any) -> Heard:
    """What an item becomes. Without a title it cannot be read; a state that is not among those that mean “over” fires."""
    title = text(found(mapping.get("title", ""), item)).strip()
    if not title:
        where = mapping.get("title") or "any usual place"
        return unread(item, f"There is no title at {where}.")
    state = text(found(mapping.get("state", ""), item), 200)
    over = {word.strip().lower() for word in mapping.get("over", OVER).split(",")} - {""}
    key = text(found(mapping.get("key", ""), item)).strip()
    return Heard(
        fingerprint=key or digest(title)[:32],
        firing=state.strip().lower() not in over,
        title=title,
        level=level(found(mapping.get("severity", ""), item)),
        annotations={"state": state or "not told, so taken for firing", "what came": text(dumped(item))},
        url=link(found(mapping.get("url", ""), item)),
        at=moment(found(mapping.get("at", ""), item)),
    )
