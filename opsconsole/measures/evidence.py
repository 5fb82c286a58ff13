"""The addresses of the rows behind a figure, and what such an address asks for.

`?of=<figure>&from=…&to=…` for a figure of a span, `?of=<figure>&at=…` for one of a moment. Days are the team's, whoever asks, both
included, and `at` a day is at its end; what does not begin and end at midnight stands as its very moments in UTC.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from opsconsole.lib.clock import iso
from opsconsole.lib.periods import Period, midnight, span_words
from opsconsole.measures.registry import Measure, measures

HINT = "Write days as 2026-11-16 and moments as 2026-11-16T09:00:00Z."
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def span_url(page: str, of: str, period: Period) -> str:
    """The rows of a period on a page, given by the name of its address (“response:list”)."""
    first, last = period.dates or (iso(period.start), iso(period.end))
    return _url(page, {"of": of, "from": first, "to": last})


def moment_url(page: str, of: str, period: Period, now: datetime) -> str:
    """The rows as they stood at the end of a period, or now while it still runs."""
    over = period.dates if period.end <= now else None
    return _url(page, {"of": of, "at": over[1] if over else iso(min(period.end, now))})


def _url(page: str, query: Mapping[str, object]) -> str:
    return f"{reverse(page)}?{urlencode({name: value for name, value in query.items() if value}, safe=':')}"


@dataclass(frozen=True)
class Asked:
    """The rows that an address asks for: of a figure, where one is named, within `period`, which is empty for a moment."""

    measure: Measure | None = None
    period: Period | None = None
    complaint: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.measure or self.period or self.complaint)

    @property
    def of(self) -> str:
        return self.measure.slug if self.measure else ""

    @property
    def when(self) -> str:
        """“16 to 22 November 2026”, “18 Nov 09:00 to 19 Nov 09:00 CET”, “at the end of 22 November 2026”."""
        return self.period.name if self.period else ""


def asked(query: Mapping[str, str], zone: ZoneInfo, figures: Collection[str]) -> Asked:
    """What is asked of a page that has the rows of some `figures`; a sentence in `complaint` where that makes no sense."""
    of = query.get("of", "")
    if of and (of not in figures or of not in measures):
        return Asked(complaint=f"This page has no rows of a figure named “{of[:80]}”.")
    try:
        period = _period(query, zone)
    except (ValueError, OverflowError) as error:
        return Asked(complaint=str(error) if str(error).endswith(".") else HINT)
    if of and period is None:
        return Asked(complaint=f"Say of which time: add from=… and to=…, or at=…. {HINT}")
    return Asked(measures[of] if of else None, period)


def _period(query: Mapping[str, str], zone: ZoneInfo) -> Period | None:
    if at := query.get("at"):
        edge, said = _edge(at, zone, behind=True)
        return Period(edge, edge, f"at {said}" if _is_moment(at) else f"at the end of {said}", zone)
    first, last = query.get("from", ""), query.get("to", "")
    if not (first or last):
        return None
    start, began = _edge(first, zone) if first else (FIRST, "")
    end, ended = _edge(last, zone, behind=True) if last else (LAST, "")
    if end <= start:
        raise ValueError("The end lies before the beginning.")
    period = Period(start, end, _span_said(began, ended), zone)
    return replace(period, name=span_words(*period.dates)) if first and last and period.dates else period


def _edge(text: str, zone: ZoneInfo, *, behind: bool = False) -> tuple[datetime, str]:
    """A moment, or the midnight at which a day begins (`behind`: at which it is over), and how it is said. Raises ValueError."""
    if _is_moment(text):
        edge = datetime.fromisoformat(text)
        edge = edge if edge.tzinfo else edge.replace(tzinfo=zone)
        local = timezone.localtime(edge)
        said = f"{local.day} {local:%b %Y %H:%M} {local:%Z}"
    else:
        day = date.fromisoformat(text)
        edge, said = midnight(day + timedelta(days=behind), zone), span_words(day, day)
    if not FIRST <= edge <= LAST:
        raise ValueError("Choose a time between the years 2000 and 2200.")
    return edge, said


def _is_moment(text: str) -> bool:
    return len(text) > len("2026-11-16")


def _span_said(began: str, ended: str) -> str:
    if began and ended:
        return f"{began} to {ended}"
    return f"since {began}" if began else f"until {ended}"
