"""Figures in a ping, what they should be, and whether a job gets anywhere. Pure.

`?rows=300&error_count=0`, Cronitor's `?metric=count:12`, or a JSON body `{"metrics": {"rows": 300}, "progress": "batch 7"}`.
"""

import json
import math
import operator
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from opsconsole.lib.phrases import storable

MOST, LONGEST_TOKEN = 20, 100
RESERVED = frozenset({"rid", "create", "minutes", "status", "msg", "metric", "progress"})
_NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,39}", re.I | re.A)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.I | re.A)
_LINE = re.compile(r"\s*(\S+?)\s*(>=|<=|==|!=|=|>|<)\s*(\S+)\s*", re.A)
_COMPARISONS = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq, "=": operator.eq,
    "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """The figures of a ping by name, and its progress token, empty when it has none."""

    figures: dict[str, float]
    progress: str = ""


def told(query: str, body: str) -> Told:
    """Never raises: what makes no sense is left out. The address goes before the body."""
    said = parse_qsl(query, max_num_fields=200) if query.count("&") < 200 else []
    found, progress = _of_body(body)
    found |= _numbers(text.partition(":")[::2] for name, text in said if name == "metric")
    found |= _numbers((name, text) for name, text in said if name not in RESERVED)
    progress = next((text for name, text in said if name == "progress"), progress)
    return Told(dict(list(found.items())[:MOST]), storable(progress[:LONGEST_TOKEN]))


def _of_body(body: str) -> tuple[dict[str, float], str]:
    if not body.lstrip().startswith("{"):
        return {}, ""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return {}, ""
    metrics, progress = given.get("metrics"), given.get("progress")
    token = str(progress) if isinstance(progress, str | int | float) else ""
    return _numbers(metrics.items()) if isinstance(metrics, dict) else {}, token


def _numbers(pairs: Any) -> dict[str, float]:
    """Those whose name is plain and whose value is a finite number."""
    found = {name: number(value) for name, value in pairs if _NAME.fullmatch(name)}
    return {name: value for name, value in found.items() if value is not None}


def number(value: object) -> float | None:
    """A finite number, given as such or as text; None for anything else."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


@dataclass(frozen=True)
class Demand:
    """What a figure of a run should be: “rows > 0”."""

    name: str
    sign: str
    limit: float

    def broken(self, figures: dict[str, float]) -> str:
        """Why a run fails by it; empty when it does not. A figure that was not told is not fulfilled."""
        if (value := figures.get(self.name)) is None:
            return f"it did not say “{self.name}”, which should be {self.sign} {self.limit:g}"
        if _COMPARISONS[self.sign](value, self.limit):
            return ""
        return f"“{self.name}” is {value:g}, and should be {self.sign} {self.limit:g}"


class BadDemand(ValueError):
    """A line that is no comparison; its message is a sentence for the form."""


def demands(text: str) -> list[Demand]:
    """One a line, ten at most. Raises BadDemand."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 10:
        raise BadDemand("Write ten lines at most.")
    return [_demand(line) for line in lines]


def _demand(line: str) -> Demand:
    found = _LINE.fullmatch(line)
    limit = number(found[3]) if found else None
    if not found or limit is None or not _NAME.fullmatch(found[1]) or found[1] in RESERVED:
        raise BadDemand(
            f"“{line.strip()}” compares nothing: write a name, a sign and a number, e.g. “rows > 0”."
        )
    return Demand(found[1], found[2], limit)
