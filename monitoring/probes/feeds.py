"""The incidents of a feed, RSS or Atom, and whether what each tells of is over."""

import re
from calendar import timegm
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any

from opsconsole.lib.moments import from_ms
from opsconsole.lib.phrases import one_line

SILENT_SINCE = timedelta(days=3)  # what nobody wrote about for so long is over, or its page is not kept
LONGEST = 256 * 1024  # bytes that are read: a feed begins with what is newest
_WORDS = re.compile(
    r"\b(resolved|completed|closed|fixed|operating normally|scheduled"
    r"|investigating|identified|monitoring|in progress|verifying|update)\b",
    re.IGNORECASE,
)
_OVER = ("resolved", "completed", "closed", "fixed", "operating normally", "scheduled")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a vendor wrote of an incident; `at` is None when it does not say when."""

    title: str
    text: str
    link: str
    at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """The first word of state says it: vendors put what is newest first."""
        if not self.title and not self.text:
            return True
        if self.at and now - self.at > SILENT_SINCE:
            return True
        said = _WORDS.search(f"{self.title}. {self.text}")
        return bool(said and said[1].lower() in _OVER)


@cache
def _parser() -> Any:
    """feedparser, loaded by the first feed: most consoles have none."""
    return import_module("feedparser")


def incidents(body: bytes) -> list[Entry] | None:
    """The newest entry of each link, newest first: vendors give each incident one. None for what is no feed, or broke off before
    its first entry. Never reads anything but `body`."""
    read = _parser().parse(BytesIO(body[:LONGEST]), sanitize_html=False, resolve_relative_uris=False)
    if not read.get("version") or (read.get("bozo") and not read.entries):
        return None
    first = datetime.min.replace(tzinfo=UTC)
    entries = sorted(map(_entry, read.entries[:50]), key=lambda entry: entry.at or first, reverse=True)
    newest: dict[str, Entry] = {}
    for entry in entries:
        newest.setdefault(entry.link, entry)
    return list(newest.values())


def going_on(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Those that are not over; one that is neither the newest nor dated may be from any time, and tells nothing."""
    told = [entry for place, entry in enumerate(entries) if entry.at or place == 0]
    return [entry for entry in told if not entry.is_over(now)]


def _entry(told: Any) -> Entry:
    written = told.get("published_parsed") or told.get("updated_parsed")
    pieces = [told.get("summary", ""), *(part.get("value", "") for part in told.get("content", []))]
    text = re.sub(r"<[^>]*>", " ", " ".join(pieces))
    return Entry(
        one_line(told.get("title", ""))[:500], one_line(text)[:5000], told.get("link", ""), _moment(written)
    )


def _moment(written: Any) -> datetime | None:
    try:
        return from_ms(timegm(written) * 1000) if written else None
    except (ValueError, TypeError, OverflowError):
        return None
