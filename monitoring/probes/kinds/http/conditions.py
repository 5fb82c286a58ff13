"""What the JSON of an answer must say: a path, an operator, and what is expected there. Pure, made ready once.

What is expected is typed as text. It means the number, true, false, null, list or object that it spells, and also the very
text; in quotes it means text alone. Where a path finds several values the condition holds for each of them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Answer, Verdict
from monitoring.probes.kinds.http.operators import (
    ABSENT,
    BARE,
    OPERATORS,
    complaint,
    expected,
    no_constant,
    short,
    shown,
    unfit,
)
from opsconsole.lib import json_paths
from opsconsole.lib.http import charsets
from opsconsole.lib.phrases import listed, one_line

MOST = 10
LONGEST = 500  # characters of a path, or of what is expected
Check = Callable[[Answer], Verdict | None]
Condition = Mapping[str, str]


def clean(rows: Any) -> list[dict[str, str]]:
    """Rows as typed, without empty ones, each checked. Raises ValueError with a sentence."""
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("A condition has a path, an operator and a value.")
    given = [{name: str(row.get(name) or "") for name in ("path", "op", "value")} for row in rows]
    kept = [_clean(row) for row in given if row["path"].strip() or row["value"]]
    if len(kept) > MOST:
        raise ValueError(f"At most {MOST} conditions; ask the rest by another probe.")
    return kept


def _clean(row: dict[str, str]) -> dict[str, str]:
    path, op = _rooted(row["path"].strip()), row["op"] or "=="
    value = "" if op in BARE else row["value"]
    if op not in OPERATORS:
        raise ValueError(f"“{op[:40]}” is no operator; use one of {listed(OPERATORS)}.")
    if max(len(path), len(value)) > LONGEST:
        raise ValueError(f"A path, and a value, has at most {LONGEST} characters.")
    json_paths.compiled(path)
    if wrong := unfit(op, value):
        raise ValueError(f"{path}: {wrong}")
    return {"path": path, "op": op, "value": value}


def _rooted(path: str) -> str:
    """What people leave out: “status” is “$.status”."""
    if not path:
        raise ValueError("A condition has a value but no path; write where it is found, such as $.status.")
    return json_paths.rooted(path)


def made_ready(rows: Sequence[Condition]) -> Check:
    """One look at an answer for all conditions: its JSON is read once. Raises ValueError for what `clean` refuses."""
    looks = [
        (
            row["path"],
            json_paths.compiled(row["path"]),
            partial(complaint, row["op"], expected(row["op"], row["value"])),
        )
        for row in rows
    ]
    return partial(_judge, looks)


def _judge(looks: Sequence[tuple[str, Any, Callable[[list[Any]], str]]], answer: Answer) -> Verdict | None:
    if answer.cut:
        return Verdict(Status.UNKNOWN, "The answer is too long for its JSON to be read; name a smaller one.")
    try:
        data = json.loads(_read(answer), parse_constant=no_constant)
    except RecursionError:
        return Verdict(Status.UNKNOWN, "The JSON is nested too deeply to be read.")
    except ValueError:
        return Verdict(Status.DOWN, _no_json(answer.body))
    for path, compiled, says in looks:
        if verdict := _look(path, compiled, says, data):
            return verdict
    return None


def _read(answer: Answer) -> bytes | str:
    """JSON is UTF-8, but for servers that name another character set and use it."""
    return (
        answer.body
        if charsets.is_utf8(answer.kind)
        else charsets.text(answer.body, answer.kind).lstrip("\ufeff")
    )


def _look(path: str, compiled: Any, says: Callable[[list[Any]], str], data: Any) -> Verdict | None:
    try:
        said = says(json_paths.find(compiled, data))
    except json_paths.TooMuch:
        return Verdict(
            Status.UNKNOWN,
            f"{path} leads through more than {json_paths.MOST:,} values; name a smaller place.",
        )
    except RecursionError:
        return Verdict(Status.UNKNOWN, f"The JSON is nested too deeply for {path} to be found.")
    if not said:
        return None
    return Verdict(Status.DOWN, f"{path} {said}{_hint(data) if said == ABSENT else ''}")


def _no_json(body: bytes) -> str:
    text = one_line(body[:200])
    return (
        f"The answer is no JSON: it begins with “{text[:60]}”."
        if text
        else "The answer is empty, and so no JSON."
    )


def _hint(data: Any) -> str:
    """What is there instead, at the top."""
    if isinstance(data, dict) and data:
        return f" It has {listed([short(key) for key in list(data)[:6]], most=5)}."
    return f" It is {shown(data)}."
