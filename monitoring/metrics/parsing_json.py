"""A push as JSON: one sample, or a list of them: `{"name": …, "value": …, "labels": {…}, "at": …, "kind": …, "unit": …}`."""

import json
from datetime import UTC, datetime
from typing import Any

from monitoring.metrics.samples import BadPush, Labels, Sample, Window, check_names, check_value
from monitoring.metrics.states import Kind

_KNOWN = {"name", "value", "labels", "at", "kind", "unit"}
_MS_FROM = 100_000_000_000  # a number this large means milliseconds: as seconds it would be the year 5138


def read(text: str, window: Window) -> list[Sample]:
    """Raises BadPush, naming the sample that is wrong, counted from 1."""
    found = _loaded(text)
    rows = found if isinstance(found, list) else [found]
    samples: list[Sample] = []
    for row in rows:
        try:
            samples.append(_sample(row, window))
        except BadPush as error:
            where = f"sample {len(samples) + 1}: " if isinstance(found, list) else ""
            raise BadPush(f"{where}{error}") from None
    return samples


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadPush(f"line {error.lineno}, column {error.colno}: this is no JSON ({error.msg})") from None
    except (RecursionError, ValueError):
        raise BadPush("this JSON is nested too deeply, or has a number that is too long") from None


def _sample(row: Any, window: Window) -> Sample:
    if not isinstance(row, dict):
        raise BadPush('write an object such as {"name": "queue_length", "value": 12}')
    if unknown := row.keys() - _KNOWN:
        raise BadPush(
            f"“{min(map(str, unknown))[:40]}” is not known here; known are {', '.join(sorted(_KNOWN))}"
        )
    name, value, labels = row.get("name"), row.get("value"), _labels(row.get("labels"))
    if not isinstance(name, str):
        raise BadPush("“name” is missing, or no text")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadPush(f"“value” of {name[:60]} is missing, or no number")
    check_names(name, labels)
    at = row.get("at")
    return Sample(
        name, labels, _number(value), None if at is None else window.check(_ms(at)), _kind(row), _unit(row)
    )


def _number(value: float) -> float:
    try:
        return check_value(float(value))
    except OverflowError:
        raise BadPush("the value is a number too large to be kept") from None


def _labels(given: Any) -> Labels:
    if given is None:
        return ()
    if not isinstance(given, dict):
        raise BadPush('“labels” is an object such as {"host": "web-1"}')
    for key, value in given.items():
        if isinstance(value, dict | list) or value is None:
            raise BadPush(f"the label “{key[:40]}” is no text")
    return tuple(
        sorted((key, value if isinstance(value, str) else json.dumps(value)) for key, value in given.items())
    )


def _ms(at: Any) -> int:
    """Seconds or milliseconds since 1970, or ISO 8601; without a zone it is UTC."""
    if isinstance(at, int | float) and not isinstance(at, bool) and abs(at) < 1e15:
        return round(at if abs(at) >= _MS_FROM else at * 1000)
    try:
        moment = datetime.fromisoformat(at)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        raise BadPush("“at” is no time: write 2026-11-16T09:00:00Z, or seconds since 1970") from None


def _kind(row: dict[str, Any]) -> str:
    kind = row.get("kind") or ""
    if kind and kind not in Kind.values:
        raise BadPush(f"“kind” is one of {', '.join(Kind.values)}")
    return str(kind)


def _unit(row: dict[str, Any]) -> str:
    unit = row.get("unit") or ""
    if not isinstance(unit, str) or len(unit) > 20 or not unit.isprintable():
        raise BadPush("“unit” is a text of at most 20 characters, such as ms")
    return unit
