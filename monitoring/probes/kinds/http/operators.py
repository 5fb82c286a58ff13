"""The operators of JSON conditions: what each compares, and how it says what is wrong. Pure."""

import json
import re
from collections.abc import Callable
from fnmatch import translate
from functools import partial
from typing import Any

from opsconsole.lib.phrases import one_line

LONGEST_MATCHED = 10_000  # characters that are held against a pattern
OPERATORS = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "contains": "contains",
    "matches": "matches (* and ?)",
    "exists": "exists",
    "missing": "does not exist",
    "length ==": "has the length",
    "length >=": "has at least the length",
    "length <=": "has at most the length",
}
BARE = ("exists", "missing")  # expect no value
ABSENT = "is not in the answer."
Expected = tuple[
    str, Any
]  # what was typed, and what an operator compares with: a literal, a number or a pattern
_NOTHING = object()
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?")


def unfit(op: str, value: str) -> str:
    """What is wrong with a value that was typed for an operator; "" when nothing is."""
    if op in ("<", "<=", ">", ">=") and _number(value.strip()) is None:
        return f"“{OPERATORS[op]}” needs a number, such as 5 or 0.25."
    if op.startswith("length") and not re.fullmatch(r"\d{1,9}", value.strip()):
        return f"“{OPERATORS[op]}” needs a whole number, such as 3."
    return f"“{OPERATORS[op]}” needs a text." if op in ("contains", "matches") and not value else ""


def expected(op: str, text: str) -> Expected:
    if op in ("==", "!=", "contains"):
        return text, _literal(text)
    if op == "matches":
        return text, re.compile(translate(text.replace("[", "[[]")))
    return text, _number(text.strip())


def no_constant(name: str) -> None:
    """NaN and Infinity, which Python would read."""
    raise ValueError(f"{name} is no JSON")


def _literal(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError):
        return _NOTHING


def complaint(op: str, wanted: Expected, found: list[Any]) -> str:
    """What is wrong with the values found, as it goes on after the path; "" when nothing is."""
    if op == "missing":
        return f"is {shown(found[0])}; expected is that it does not exist." if found else ""
    if not found:
        return ABSENT
    if op == "exists":
        return ""
    for value in found:
        if (fits := _FITS[op](value, wanted)) is not True:
            return f"is {shown(value)}{fits or ''}; {_wanted(op, wanted)}."
    return ""


def _wanted(op: str, wanted: Expected) -> str:
    verb = "is" if op == "==" else f"is that it {OPERATORS[op].partition(' (')[0]}"
    return f"expected {verb} {_quoted(wanted[0])}"


def _quoted(text: str) -> str:
    bare = _NUMBER.fullmatch(text) or text in ("true", "false", "null") or text.startswith('"')
    return text if bare else f"“{short(text)}”"


def _number(value: Any) -> float | int | None:
    """Of a number, or of a text that spells one."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _is(value: Any, wanted: Expected) -> bool:
    text, literal = wanted
    if isinstance(value, str) and not isinstance(literal, str):
        return value == text
    return isinstance(value, bool) == isinstance(literal, bool) and bool(value == literal)


def _contains(value: Any, wanted: Expected) -> bool:
    text = wanted[1] if isinstance(wanted[1], str) else wanted[0]
    if isinstance(value, (str, dict)):
        return text in value
    return isinstance(value, list) and any(_is(one, wanted) for one in value)


def _matches(value: Any, wanted: Expected) -> bool | str:
    if not isinstance(value, str):
        return ", which is no text"
    if len(value) > LONGEST_MATCHED:
        return f", which is longer than {LONGEST_MATCHED:,} characters"
    return bool(wanted[1].match(value))


def _compares(op: str, value: Any, wanted: Expected) -> bool | str:
    number = _number(value)
    return ", which is no number" if number is None else _ORDER[op](number, wanted[1])


def _counts(op: str, value: Any, wanted: Expected) -> bool | str:
    if not isinstance(value, (str, list, dict)):
        return ", which has no length"
    return _ORDER[op](len(value), wanted[1])


_FITS: dict[str, Callable[[Any, Any], bool | str]] = {
    "==": _is,
    "!=": lambda value, wanted: not _is(value, wanted),
    "contains": _contains,
    "matches": _matches,
    **{op: partial(_compares, op) for op in ("<", "<=", ">", ">=")},
    **{f"length {op}": partial(_counts, op) for op in ("==", ">=", "<=")},
}


def shown(value: Any) -> str:
    """A value in a sentence: short, printable, and a container by its size."""
    if isinstance(value, str):
        return f"“{short(value)}”"
    if isinstance(value, (dict, list)):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**30:
        return "a number of over 30 digits"
    return json.dumps(value)


def short(text: str) -> str:
    """Also what no database takes, halves of characters and zeros, is replaced."""
    printable = one_line(text[:200])
    return f"{printable[:60]}…" if len(printable) > 60 or len(text) > 200 else printable
