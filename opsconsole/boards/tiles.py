"""One figure on a board: its value over the window, how that is judged, and against what it is held.

Of days that are kept a figure is folded; one of a moment is read now. What cannot be read is unknown, and never stands for an
older value that could be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString

from opsconsole.boards import pictures
from opsconsole.boards.selectors import Kept
from opsconsole.lib import periods
from opsconsole.lib.figures import written
from opsconsole.lib.periods import Period
from opsconsole.measures import pages, words
from opsconsole.measures.comparisons import Against, Lately, held_against
from opsconsole.measures.folding import folded, is_known
from opsconsole.measures.registry import Fold, Measure
from opsconsole.measures.selectors import Judged
from opsconsole.measures.spans import Span
from opsconsole.measures.verdicts import Reading, Verdict, worst

COMPLETE = 0.9
"""How much of an earlier span must be known before a sum of it is held against one of all days."""


@dataclass(frozen=True)
class Tile:
    """`today` is what a figure of whole days has come to since midnight; `since` the first day known, where days are missing."""

    lately: Lately
    chart: SafeString
    today: Judged | None = None
    since: date | None = None
    wide: bool = False

    @property
    def measure(self) -> Measure:
        return self.lately.judged.measure

    @property
    def reading(self) -> Reading:
        return self.lately.judged.reading

    @property
    def verdict(self) -> Verdict:
        """The worse of the whole days and of today: what breaks today is not fine because the week was."""
        return worst([judged.verdict for judged in self._measured])

    @property
    def tone(self) -> str:
        return self.verdict.value if self._measured else ""

    @property
    def word(self) -> str:
        """“Bad”, or “Bad today” where the whole days are better than that."""
        if not self._measured:
            return "Nothing yet"
        is_today = self.verdict not in (self.lately.judged.verdict, Verdict.OK)
        return f"{self.verdict.label} today" if is_today else self.verdict.label

    @property
    def why(self) -> str:
        """Of what could not be verified, why."""
        unread = [judged for judged in self._measured if judged.verdict == Verdict.UNKNOWN]
        return unread[0].reading.detail if unread else ""

    @property
    def _measured(self) -> list[Judged]:
        return [judged for judged in (self.lately.judged, self.today) if judged and judged.tone]

    @property
    def target(self) -> str:
        return words.target(self.measure)

    @property
    def change(self) -> str:
        return pages.changed(self.lately)

    @property
    def when(self) -> str:
        """“now” for a figure of a moment; else the span."""
        return "now" if self.measure.fold is Fold.LAST else self.lately.period.name

    @property
    def said(self) -> tuple[object, ...]:
        """What a reader sees of it; not where its links lead, which for a moment is elsewhere each second."""
        return (
            self.measure.slug,
            _said(self.lately.judged),
            self.word,
            self.when,
            self.since,
            self.change,
            self.lately.tone,
            self.wide,
            self.chart,
            self.today and _said(self.today),
        )


def _said(judged: Judged) -> tuple[object, ...]:
    measure, reading = judged.measure, judged.reading
    detail = reading.detail if judged.tone == Verdict.UNKNOWN else ""
    return str(written(reading.value, measure.unit, measure.digits)), judged.tone, detail


def over_hours(lately: Lately, now: datetime) -> Tile:
    return Tile(lately, pictures.hours(lately.judged, now))


def over_days(now: Judged, span: Span, rows: Sequence[Kept], zone: ZoneInfo) -> Tile:
    """`now` is today's reading; `rows` are the kept days of the span and of as many before it, in order."""
    picture = pictures.days(now, span, [row for row in rows if row.day >= span.first])
    known = [row for row in rows if is_known(row)]
    if now.measure.fold is Fold.LAST:
        return Tile(_moment(now, span, known, zone), picture)
    if not known or known[-1].day < span.first:
        return Tile(_today_alone(now, span, zone), picture)
    since = max(known[0].day, span.first)
    lately = _folded(now.measure, span, since, rows, zone)
    return Tile(lately, picture, now, since if since > span.first else None)


def _folded(measure: Measure, span: Span, since: date, rows: Sequence[Kept], zone: ZoneInfo) -> Lately:
    """Of the days since there are any: a figure that is ten days old is not two thirds unmeasured."""
    mine, before = [row for row in rows if row.day >= since], [row for row in rows if row.day < span.first]
    url = f"{reverse('measures:detail', args=[measure.slug])}?from={since}&to={span.last}"
    reading = replace(folded(mine, (span.last - since).days + 1, measure.fold), evidence_url=url)
    judged = Judged(measure, reading, measure.judge(reading))
    missing = f"no data before {since.day} {since:%B %Y}" if since > span.first else "not measured then"
    earlier = _comparable(measure, folded(before, span.days, measure.fold))
    against = held_against(judged, _before(span, zone), earlier, missing)
    return Lately(judged, _period(span.first, span.days, zone, span.name), against)


def _comparable(measure: Measure, reading: Reading) -> Reading:
    """A sum of a few days is no sum of all, and what is measured too little is not known."""
    least = COMPLETE if measure.fold is Fold.SUM else measure.rule.least_coverage
    return reading if reading.coverage >= least else replace(reading, value=None, coverage=0)


def _moment(now: Judged, span: Span, known: Sequence[Kept], zone: ZoneInfo) -> Lately:
    """Now, held against the last that is known from before the span."""
    before = [row for row in known if row.day < span.first]
    if not before:
        day, reading = span.first, Reading(None, 0)
    else:
        day, reading = before[-1].day, Reading(before[-1].value, before[-1].coverage, before[-1].n)
    began = f"no data before {known[0].day.day} {known[0].day:%B %Y}" if known else "not measured then"
    against = held_against(now, periods.day(day, zone), reading, began)
    return Lately(now, _period(span.first, span.days + 1, zone, "now"), against)


def _today_alone(now: Judged, span: Span, zone: ZoneInfo) -> Lately:
    """No day of the span is known: what today has come to stands for itself, and says so."""
    today = _period(span.last + timedelta(days=1), 1, zone, "today so far")
    return Lately(now, today, Against(_before(span, zone), Reading(None, 0), missing="no day is kept yet"))


def _before(span: Span, zone: ZoneInfo) -> Period:
    return _period(span.first - timedelta(days=span.days), span.days, zone, f"the {_length(span)} before")


def _length(span: Span) -> str:
    return span.name.removeprefix("the last ")


def _period(first: date, days: int, zone: ZoneInfo, name: str) -> Period:
    return periods.days(first, days, zone, name)
