"""Which days a page of a figure shows: ?span=7d|30d|90d|1y, or ?from= and ?to=."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CHOICES = {"7d": (7, "7 days"), "30d": (30, "30 days"), "90d": (90, "90 days"), "1y": (365, "1 year")}
DEFAULT = "30d"
LONGEST = 400


@dataclass(frozen=True)
class Span:
    """Whole days, both included. `key` is the choice it stands for, empty for days asked for one by one."""

    first: date
    last: date
    key: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        if self.key:
            return f"the last {CHOICES[self.key][1].replace('1 year', 'year')}"
        return f"{self.first:%d %b %Y} to {self.last:%d %b %Y}"


def parse(query: Mapping[str, str], today: date) -> Span:
    """Raises ValueError with a sentence for the page."""
    if query.get("from") or query.get("to"):
        return _asked(query.get("from", ""), query.get("to", ""))
    return last(query.get("span") or DEFAULT, today)


def last(key: str, today: date) -> Span:
    """The whole days before today."""
    if key not in CHOICES:
        raise ValueError(f"“{key}” is no span; choose 7d, 30d, 90d or 1y.")
    return Span(today - timedelta(days=CHOICES[key][0]), today - timedelta(days=1), key)


def _asked(first: str, last: str) -> Span:
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise ValueError("Write both days as from=2026-11-09 and to=2026-11-15.") from None
    if not 1 <= span.days <= LONGEST:
        raise ValueError(f"Ask for 1 to {LONGEST} days, the earlier one first.")
    return span
