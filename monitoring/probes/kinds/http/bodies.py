"""What is sent along: the kinds of bodies, checked when saved, and the Content-Type that goes with each. Pure."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.parsers import expat

from monitoring.probes.kinds.http.operators import no_constant

KINDS = {"text": "Text as it is", "json": "JSON", "form": "Form fields, one a line", "xml": "XML"}
_TYPES = {
    "text": "",
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml",
}


def complaint(kind: str, body: str) -> str:
    """What is wrong with a body of a kind; "" when nothing is."""
    if not body.strip():
        return ""
    try:
        _CHECKS.get(kind, str)(body)
    except RecursionError:
        return "This is nested too deeply."
    except (ValueError, expat.ExpatError) as error:
        return str(error)
    return ""


def _check_json(body: str) -> None:
    try:
        json.loads(body, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"This is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError as error:
        raise ValueError(f"This is no JSON: {error}.") from None


def _check_xml(body: str) -> None:
    try:
        expat.ParserCreate().Parse(body.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise ValueError(f"This is no XML: {expat.ErrorString(error.code)} in line {error.lineno}.") from None


def fields(body: str) -> list[tuple[str, str]]:
    """“name=value”, one a line; blank lines are none. Raises ValueError with a sentence."""
    found = []
    for line in filter(str.strip, body.splitlines()):
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"“{line.strip()[:60]}” is no field; write one a line, as “name=value”.")
        found.append((name.strip(), value))
    return found


_CHECKS = {"json": _check_json, "form": fields, "xml": _check_xml}


def sent(kind: str, body: str, headers: Mapping[str, str]) -> tuple[bytes | None, dict[str, str]]:
    """The body as it goes out, None for none, and the headers with its Content-Type, unless they give one."""
    if not body:
        return None, dict(headers)
    raw = urlencode(fields(body)).encode() if kind == "form" else body.encode()
    given = any(name.lower() == "content-type" for name in headers)
    said = {"Content-Type": _TYPES[kind]} if _TYPES[kind] and not given else {}
    return raw, {**headers, **said}
