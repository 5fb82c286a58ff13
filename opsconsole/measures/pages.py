"""What the pages of figures show, gathered with a constant number of queries of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from opsconsole.lib.figures import change, counted, written
from opsconsole.lib.phrases import listed
from opsconsole.measures import comparisons, selectors, words
from opsconsole.measures.comparisons import Lately
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Fold, Measure, measures
from opsconsole.measures.spans import Span
from opsconsole.measures.verdicts import ORDER, Verdict
from opsconsole.ui.charts import Line, line_chart, sparkline

_OFF = (Verdict.BAD, Verdict.LOOK)


class Stands(Protocol):
    """A figure on a page: which one, its verdict, and the tone it is shown in, none where there is nothing to measure."""

    @property
    def measure(self) -> Measure: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def tone(self) -> str: ...


@dataclass(frozen=True)
class Row:
    """A measure on the list: what it is now, how it went, and how that compares."""

    measure: Measure
    lately: Lately
    trend: str
    change: str

    @property
    def verdict(self) -> Verdict:
        return self.lately.judged.verdict

    @property
    def tone(self) -> str:
        return self.lately.judged.tone

    @property
    def target(self) -> str:
        return words.target(self.measure)


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[Row]


def groups(zone: ZoneInfo, now: datetime) -> list[Group]:
    """Every measure, by the first part of its name; each group with what is wrong first."""
    slugs = [slug for slug, _ in measures.items()]
    lately = comparisons.last_week(slugs, zone, now)
    trends = selectors.trends(slugs, 30, now.astimezone(zone).date())
    found: dict[str, list[Row]] = {}
    for slug in slugs:
        row = Row(measures[slug], lately[slug], sparkline(trends[slug]), changed(lately[slug]))
        found.setdefault(re.split("[.:]", slug)[0], []).append(row)
    return [Group(name.capitalize(), sorted(rows, key=_trouble)) for name, rows in sorted(found.items())]


def sentence(rows: Sequence[Stands]) -> str:
    """What is true of all figures, for the heading."""
    off = [row.measure.title for row in rows if row.verdict in _OFF]
    unread = [row for row in rows if row.tone == Verdict.UNKNOWN]
    known = len(rows) - len(unread)
    if not rows:
        return "No figure is defined yet."
    if off:
        first = f"{counted(len(off), 'figure is', 'figures are')} off target: {listed([_within(title) for title in off], 3)}."
    elif known:
        first = "Every figure that was measured is on target." if unread else "Every figure is on target."
    else:
        first = "Nothing has been measured yet."
    return f"{first} {counted(len(unread), 'figure')} could not be verified." if unread and known else first


def days(measure: Measure, span: Span) -> list[tuple[date, DailyValue | None]]:
    """Each day of the span, oldest first, with what is kept of it."""
    found = {row.day: row for row in selectors.history(measure.slug, span.first, span.last)}
    every = [span.first + timedelta(days=n) for n in range(span.days)]
    return [(day, found.get(day)) for day in every]


def chart(measure: Measure, rows: Sequence[tuple[date, DailyValue | None]]) -> str:
    """The days as a line, the target dashed, days off target shaded. Per cents near 100 do not start at zero."""
    line = Line(measure.title, [row.value if row else None for _, row in rows])
    labels = [f"{day.day} {day:%b}" for day, _ in rows]
    return line_chart(
        [line],
        labels,
        unit=measure.unit if len(measure.unit) <= 3 else "",
        target=measure.rule.target,
        label=f"{measure.title} per day from {labels[0]} to {labels[-1]}; the table below has the same figures.",
        titles=[f"{label}: {_day_said(measure, row)}" for label, (_, row) in zip(labels, rows, strict=True)],
        tones=[row.verdict if row and row.verdict in _OFF else "" for _, row in rows],
        from_zero=from_zero(measure, line.values),
    )


def from_zero(measure: Measure, values: Sequence[float | None]) -> bool:
    """Whether a scale begins at zero: one of per cents near 100 would show nothing then."""
    low = min((value for value in values if value is not None), default=0)
    return not (measure.unit == "%" and low >= 90)


def _day_said(measure: Measure, row: DailyValue | None) -> str:
    return "not kept" if row is None else str(written(row.value, measure.unit, measure.digits))


def heading(lately: Lately) -> str:
    """“Uptime: 99.97 % over the last 7 days, on target.”"""
    measure, reading = lately.judged.measure, lately.judged.reading
    when = "now" if measure.fold is Fold.LAST else f"over {lately.period.name}"
    if reading.value is None:
        return f"{measure.title}: {'nothing to measure' if reading.is_nothing else 'could not be verified'} {when}."
    said = {Verdict.OK: ", on target", Verdict.LOOK: ", off target", Verdict.BAD: ", well off target"}
    judged = said.get(lately.judged.verdict, ", not verified") if measure.rule.target is not None else ""
    return f"{measure.title}: {written(reading.value, measure.unit, measure.digits)} {when}{judged}."


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def changed(lately: Lately) -> str:
    """“+2”, “same”; why there is nothing to compare with; what it was, where only then it could be read."""
    measure, before = lately.judged.measure, lately.before
    if before.delta is not None:
        return change(before.delta, measure.unit, measure.digits)
    then = written(before.reading.value, measure.unit, measure.digits)
    return before.missing or f"{then} in {before.period.name}"


def _trouble(row: Row) -> tuple[int, str]:
    return ORDER.index(row.verdict) if row.tone else len(ORDER), row.measure.title


def _within(title: str) -> str:
    """As it stands in a sentence: an abbreviation keeps its capital."""
    return f"{title[:1].lower()}{title[1:]}" if title[1:2].islower() else title
