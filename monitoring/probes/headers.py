"""Headers as people write them, one a line; what is secret is not shown again."""

import re
from collections.abc import Mapping

MASK = "••••••••"
_SECRET = re.compile(r"auth|cookie|token|key|secret|pass|signature", re.IGNORECASE)


def shown(headers: Mapping[str, str]) -> str:
    """For the form: one header a line, secret values as dots."""
    return "\n".join(f"{name}: {MASK if _SECRET.search(name) else value}" for name, value in headers.items())


def parse(text: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Back from the form; dots stand for the kept value. Raises ValueError with a sentence."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not name:
            raise ValueError(f"“{line[:60]}” is not a header; write one a line, as “Name: value”.")
        if name.lower() in map(str.lower, found):
            raise ValueError(f"{name} is there twice; write it once.")
        found[name] = _kept(name, kept) if value == MASK else value
    return found


def _kept(name: str, kept: Mapping[str, str]) -> str:
    for known, value in kept.items():
        if known.lower() == name.lower():
            return value
    raise ValueError(f"The value of {name} is not kept here; write it in full.")
