"""Values as auditlog stores them, which is as text, in the words of people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, DateTimeField, DurationField, Field, JSONField, TimeField
from django.utils.dateparse import parse_duration
from django.utils.timezone import localtime

from opsconsole.lib import durations
from opsconsole.lib.registry import Registry

LONGEST = 200
Pair = Sequence[Any]
codes: Registry[Mapping[str, str]] = Registry("code of a field")
"""What the numbers of a field (“checklists.Template.weekdays”) are called; a noun's audit.py says so."""


def parts(name: str, pair: Pair, field: "Field[Any, Any] | None") -> Iterator[tuple[str, Pair]]:
    """A field's old and new value; of an object in JSON those settings that differ, each by its own name."""
    old, new = (_object(value) for value in pair) if isinstance(field, JSONField) else (None, None)
    if old is None and new is None:
        yield name, pair
        return
    for key in {**(old or {}), **(new or {})}:
        before, after = (old or {}).get(key), (new or {}).get(key)
        if before != after:
            yield key, (_plain(before), _plain(after))


def said(value: Any, field: "Field[Any, Any] | None") -> str:
    """One value; empty for none, cut where it is long."""
    text = "" if value in (None, "None") else str(value)
    if isinstance(field, BooleanField):
        return {"True": "yes", "False": "no"}.get(text, text)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(text, text))
    for kind, words in _WORDS.items():
        if text and isinstance(field, kind):
            text = words(text)
    if names := codes.get(str(field)):
        text = ", ".join(names.get(code, code) for code in text.split(", "))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _object(text: Any) -> dict[str, Any] | None:
    try:
        found = json.loads(str(text))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return " ".join(f"{key} {_plain(one)}".strip() for key, one in value.items())
    return "" if value is None else str(value)


def _listed(text: str) -> str:
    """A list as people write it; anything else as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return ", ".join(map(str, found)) if isinstance(found, list) else text


def _moment(text: str) -> str:
    """auditlog writes UTC without saying so; the reader's own zone is shown."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC)):%-d %b %Y %H:%M %Z}"


def _span(text: str) -> str:
    found = parse_duration(text)
    return durations.words(found) if found is not None else text


def _minute(text: str) -> str:
    return text[:5]


_WORDS = {DateTimeField: _moment, DurationField: _span, JSONField: _listed, TimeField: _minute}
