"""Which week is what: when its report is published, and how it stands at a moment."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from opsconsole.lib.calendars import instant
from opsconsole.lib.periods import Week, span_words

AT = time(7)
"""Wall time, on the Monday after, in the team's zone."""
CATCH_UP = 4
"""How many weeks back a report is still published after a long stop."""


class Standing(StrEnum):
    AHEAD = "ahead"  # it has not begun
    RUNNING = "running"
    WAITING = "waiting"  # over, and its report comes on Monday morning
    DUE = "due"  # should be published by now
    LOST = "lost"  # it was not published in time, and will not be any more


def parse(text: str) -> Week:
    """Raises ValueError with a sentence, also for years that no report can be about."""
    week = Week.parse(text) if not text.startswith("0000") else None
    if week is None or not 2000 <= week.year < 2200:
        raise ValueError("There are reports of the years 2000 to 2199 only.")
    return week


def publishes_at(week: Week, zone: ZoneInfo) -> datetime:
    return instant(week.monday + timedelta(days=7), AT, zone)


def standing(week: Week, zone: ZoneInfo, now: datetime) -> Standing:
    period = week.period(zone)
    if now < period.start:
        return Standing.AHEAD
    if now < period.end:
        return Standing.RUNNING
    if now < publishes_at(week, zone):
        return Standing.WAITING
    return Standing.DUE if week >= current(zone, now).plus(-CATCH_UP) else Standing.LOST


def current(zone: ZoneInfo, now: datetime) -> Week:
    return Week.of(now.astimezone(zone).date())


def due(zone: ZoneInfo, now: datetime, began: datetime) -> list[Week]:
    """The weeks of the last four whose report should stand by now, oldest first; none from before the console began."""
    this = current(zone, now)
    recent = [this.plus(-back) for back in range(CATCH_UP, 0, -1)]
    return [w for w in recent if standing(w, zone, now) is Standing.DUE and began < w.period(zone).end]


def dates(week: Week) -> str:
    """“9–15 November 2026”."""
    return span_words(week.monday, week.monday + timedelta(days=6))
