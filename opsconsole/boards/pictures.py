"""The line of a tile, and what it says in words: for those who do not see it the words are the picture."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from operator import itemgetter

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
_SHADES = {verdict.value: verdict.value for verdict in (Verdict.BAD, Verdict.LOOK)}


@dataclass(frozen=True)
class Points:
    """The values of a line, the tones in which some are shaded, and how the time of one is called (of few, so asked late)."""

    values: Sequence[float | None]
    tones: Sequence[str]
    name: Callable[[int], str]


def days(now: Judged, span: Span, rows: Sequence[Kept]) -> SafeString:
    """Each day of the span, and today so far; days off target are shaded."""
    values: list[float | None] = [*[None] * span.days, now.reading.value]
    tones = [""] * span.days + [_SHADES.get(now.verdict, "")]
    for row in rows:
        place = (row.day - span.first).days
        values[place], tones[place] = row.value, _SHADES.get(row.verdict, "")

    def name(place: int) -> str:
        day = span.first + timedelta(days=place)
        return "today" if place == span.days else f"{day.day} {day:%b}"

    return _drawn(now.measure, Points(values, tones, name), f"per day over {span.name}")


def hours(judged: Judged, now: datetime) -> SafeString:
    """Each hour up to the one that runs, for a measure that tells hours; nothing for others."""
    measure = judged.measure
    if measure.hourly is None:
        return SafeString("")
    last = now.replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=HOURS - 1)
    try:
        values = _every_hour(measure.hourly(Period(first, last + timedelta(hours=1))))
    except Exception:  # one line that cannot be drawn must not take the board with it
        log.exception("the hours of the figure %s could not be read", measure.slug)
        return SafeString("")

    def name(place: int) -> str:
        return f"{timezone.localtime(first + timedelta(hours=place)):%H:%M}"

    return _drawn(measure, Points(values, [], name), "per hour over the last 24 hours")


def _every_hour(values: Sequence[float | None]) -> list[float | None]:
    if len(values) != HOURS:
        raise ValueError(f"It gave {len(values)} hours of {HOURS}.")
    return [value if value is not None and isfinite(value) else None for value in values]


def _drawn(measure: Measure, points: Points, span: str) -> SafeString:
    if not any(value is not None for value in points.values):
        return SafeString("")
    return tile_chart(
        points.values,
        label=_said(measure, points, span),
        ends=(points.name(0), points.name(len(points.values) - 1)),
        unit=measure.unit if len(measure.unit) <= 3 else "",
        target=measure.rule.target,
        tones=points.tones,
        from_zero=pages.from_zero(measure, points.values),
    )


def _said(measure: Measure, points: Points, span: str) -> str:
    """“Uptime per day over the last 7 days: from 98.20 % (3 Nov) to 100 % (1 Nov); target at least 99.9 %.”"""
    known = [(value, place) for place, value in enumerate(points.values) if value is not None]
    (low, when), (high, then) = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
    target = f"; target {words.target(measure)}" if words.target(measure) else ""
    least, most = (written(value, measure.unit, measure.digits) for value in (low, high))
    if low == high:
        return f"{measure.title} {span}: {least} throughout{target}."
    return (
        f"{measure.title} {span}: from {least} ({points.name(when)}) to {most} ({points.name(then)}){target}."
    )
