"""Links of a service to its logs, dashboards and traces, which open at the time in question. Pure.

An address may hold {from} and {to} (ISO 8601 in UTC), {from_s} and {to_s} (seconds since 1970), {from_ms} and {to_ms}.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict
from urllib.parse import quote, urlsplit

from opsconsole.lib.clock import epoch, iso

PLACES = ("from", "to", "from_s", "to_s", "from_ms", "to_ms")
MOST = 12
_PLACE = re.compile(r"\{([a-z_]+)\}")


class Link(TypedDict):
    title: str
    url: str


def parse(text: str) -> list[Link]:
    """One a line, as “Logs https://logs.example.com/?from={from_ms}”. Raises ValueError with a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise ValueError(f"At most {MOST} links; these are {len(lines)}.")
    return [_parsed(line) for line in lines]


def _parsed(line: str) -> Link:
    title, _, url = line.rpartition(" ")
    if not title.strip():
        raise ValueError(
            f"“{line[:60]}” has no title: write one before the address, such as “Logs https://…”."
        )
    if len(title) > 40 or len(url) > 2000:
        raise ValueError("A title has at most 40 characters, an address at most 2,000.")
    _check(url)
    return Link(title=title.strip(), url=url)


def _check(url: str) -> None:
    parts = _split(_PLACE.sub("0", url))
    if parts is None:
        raise ValueError(
            f"“{url[:60]}” is no web address: write all of it, such as https://logs.example.com/."
        )
    if parts:
        raise ValueError("Leave name and password out of the address: everybody here can see it.")
    if unknown := [name for name in _PLACE.findall(url) if name not in PLACES]:
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        raise ValueError(f"“{{{unknown[0]}}}” is not known; these are: {known}.")


def _split(url: str) -> bool | None:
    """Whether it carries a name or a password; None for what is no web address."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 — asking raises for an impossible one
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()
    return bool(parts.username or parts.password) if is_web else None


def written(links: Iterable[Link]) -> str:
    return "\n".join(f"{link['title']} {link['url']}" for link in links)


def opened(links: Iterable[Link], start: datetime, end: datetime) -> list[Link]:
    """The links with the time put in."""
    moments = {"from": start, "to": end}
    values = {name: quote(iso(moment), safe="") for name, moment in moments.items()}
    values |= {f"{name}_s": str(epoch(moment)) for name, moment in moments.items()}
    values |= {f"{name}_ms": str(int(moment.timestamp() * 1000)) for name, moment in moments.items()}
    return [
        Link(title=link["title"], url=_PLACE.sub(lambda m: values.get(m[1], m[0]), link["url"]))
        for link in links
    ]
