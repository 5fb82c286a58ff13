"""Spans of time with a name: days, ISO weeks, months; and the spans they are compared with.

A period is half-open, [start, end), in UTC; its edges are midnights of a zone, so that a day may have 23 or 25 hours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """[start, end) in UTC, with the name a reader sees (“week 47”, “16 November 2026”).

    `zone` is the one whose midnights it was cut at, where it is made of days.
    """

    start: datetime
    end: datetime
    name: str = ""
    zone: ZoneInfo | None = field(default=None, compare=False)

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    def until(self, now: datetime) -> "Period":
        """The part that lies behind us."""
        return Period(self.start, max(self.start, min(self.end, now)), self.name, self.zone)

    @property
    def dates(self) -> tuple[date, date] | None:
        """The first and the last day; None when it is not made of whole days of its zone."""
        if self.zone is None or self.end <= self.start:
            return None
        first, behind = (moment.astimezone(self.zone).date() for moment in (self.start, self.end))
        whole = (midnight(first, self.zone), midnight(behind, self.zone)) == (self.start, self.end)
        return (first, behind - timedelta(days=1)) if whole else None

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def covered(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long at least one of the spans lasts: what overlaps counts once."""
    total, upto = timedelta(), None
    for start, end in sorted(spans):
        total += max(end - (start if upto is None else max(start, upto)), timedelta())
        upto = end if upto is None else max(upto, end)
    return total


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC (where midnight is skipped, the first that exists)."""
    return datetime.combine(day, time.min, zone).astimezone(ZoneInfo("UTC"))


def days(first: date, count: int, zone: ZoneInfo, name: str = "") -> Period:
    return Period(midnight(first, zone), midnight(first + timedelta(days=count), zone), name, zone)


def day(which: date, zone: ZoneInfo) -> Period:
    return days(which, 1, zone, f"{which.day} {which:%B %Y}")


def span_words(first: date, last: date) -> str:
    """“9–15 November 2026”, “28 September – 4 October 2026”, “29 December 2025 – 4 January 2026”, “9 November 2026”."""
    whole = f"{last.day} {last:%B %Y}"
    if first == last:
        return whole
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} – {whole}"
    if first.month != last.month:
        return f"{first.day} {first:%B} – {whole}"
    return f"{first.day}–{whole}"


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week; prints as 2026-W47."""

    year: int
    number: int

    @classmethod
    def of(cls, which: date) -> "Week":
        calendar = which.isocalendar()
        return cls(calendar.year, calendar.week)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Raises ValueError with a sentence."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not found:
            raise ValueError("Write a week as year and number, such as 2026-W47.")
        week = cls(int(found[1]), int(found[2]))
        if week.number < 1 or Week.of(date(week.year, 12, 28)).number < week.number:
            raise ValueError(f"The year {week.year} has no week {week.number}.")
        return week

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def plus(self, weeks: int) -> "Week":
        return Week.of(self.monday + timedelta(weeks=weeks))

    def period(self, zone: ZoneInfo) -> Period:
        return days(self.monday, 7, zone, f"week {self.number}")

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


@dataclass(frozen=True)
class Comparisons:
    """What a week is held against. Four and fifty-two weeks back keep the weekday pattern equal."""

    previous: Period
    last_month: Period
    last_year: Period


def compared(week: Week, zone: ZoneInfo) -> Comparisons:
    before, month, year = week.plus(-1), week.plus(-4), week.plus(-52)
    return Comparisons(
        days(before.monday, 7, zone, f"week {before.number}"),
        days(month.monday, 7, zone, f"week {month.number}, four weeks earlier"),
        days(year.monday, 7, zone, f"week {year.number} of {year.year}"),
    )
