"""The line of a tile, and what it says in words: for those who do not see it the words are the picture."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import isfinite
from operator import itemgetter
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from opsconsole.boards.selectors import Kept
from opsconsole.lib.figures import written
from opsconsole.lib.periods import Period
from opsconsole.measures import pages, words
from opsconsole.measures.registry import Measure
from opsconsole.measures.selectors import Judged
from opsconsole.measures.spans import Span
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.charts import tile_chart

log = logging.getLogger(__name__)
HOURS = 24


class Point(NamedTuple):
    """A value on the line, when it was, and the verdict it is shaded in, if any."""

    value: float | None
    name: str
    tone: str = ""


def days(now: Judged, span: Span, rows: Sequence[Kept]) -> SafeString:
    """Each day of the span, and today so far; days off target are shaded."""
    found = {row.day: row for row in rows}
    every = [span.first + timedelta(days=n) for n in range(span.days)]
    points = [_day(day, found.get(day)) for day in every]
    points.append(Point(now.reading.value, "today", _shade(now.verdict)))
    return _drawn(now.measure, points, f"per day over {span.name}")


def _day(day: date, row: Kept | None) -> Point:
    name = f"{day.day} {day:%b}"
    return Point(row.value, name, _shade(row.verdict)) if row else Point(None, name)


def _shade(verdict: str) -> str:
    return verdict if verdict in (Verdict.BAD, Verdict.LOOK) else ""


def hours(judged: Judged, now: datetime) -> SafeString:
    """Each hour up to the one that runs, for a measure that tells hours; nothing for others."""
    measure = judged.measure
    if measure.hourly is None:
        return SafeString("")
    last = now.replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=HOURS - 1)
    try:
        values = measure.hourly(Period(first, last + timedelta(hours=1)))
        points = [Point(_finite(value), name) for value, name in zip(values, _hours_of(first), strict=True)]
    except Exception:  # one line that cannot be drawn must not take the board with it
        log.exception("the hours of the figure %s could not be read", measure.slug)
        return SafeString("")
    return _drawn(measure, points, "per hour over the last 24 hours")


def _hours_of(first: datetime) -> list[str]:
    return [f"{timezone.localtime(first + timedelta(hours=n)):%H:%M}" for n in range(HOURS)]


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _drawn(measure: Measure, points: Sequence[Point], span: str) -> SafeString:
    values = [point.value for point in points]
    if not any(value is not None for value in values):
        return SafeString("")
    return tile_chart(
        values,
        label=_said(measure, points, span),
        ends=(points[0].name, points[-1].name),
        unit=measure.unit if len(measure.unit) <= 3 else "",
        target=measure.rule.target,
        tones=[point.tone for point in points],
        from_zero=pages.from_zero(measure, values),
    )


def _said(measure: Measure, points: Sequence[Point], span: str) -> str:
    """“Uptime per day over the last 7 days: from 98.20 % (3 Nov) to 100 % (1 Nov); target at least 99.9 %.”"""
    known = [(point.value, point.name) for point in points if point.value is not None]
    (low, when), (high, then) = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
    target = f"; target {words.target(measure)}" if words.target(measure) else ""
    least, most = (written(value, measure.unit, measure.digits) for value in (low, high))
    if low == high:
        return f"{measure.title} {span}: {least} throughout{target}."
    return f"{measure.title} {span}: from {least} ({when}) to {most} ({then}){target}."
