"""When a job should report: every so often, or at the times of a cron expression in a zone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from opsconsole.lib import durations
from opsconsole.lib.calendars import cron_after, zone_names
from opsconsole.lib.timers import lines, timer_after

UNRELATED = timedelta(hours=72)
"""A start older than this has nothing to do with the end that is reported now."""
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@dataclass(frozen=True)
class Plan:
    """`cron` and `calendar` are empty for a job that comes every `period`; one of them at most is set. `max_run_time` is apart from `grace`: a run may take long though
    its start was on time."""

    period: timedelta
    cron: str
    zone: str
    grace: timedelta
    max_run_time: timedelta | None = None
    calendar: str = ""

    @property
    def is_timed(self) -> bool:
        """Whether it goes by the clock of a zone."""
        return bool(self.cron or self.calendar)

    def expected_after(self, moment: datetime) -> datetime | None:
        """When the next report should come, counted from one at `moment`; None when never again. Raises BadSchedule."""
        if self.calendar:
            return timer_after(self.calendar, self.zone, moment)
        return cron_after(self.cron, self.zone, moment) if self.cron else moment + self.period

    @property
    def memory(self) -> timedelta:
        """How long an open run waits for its end."""
        return max(UNRELATED, self.max_run_time or UNRELATED)

    @property
    def words(self) -> str:
        """“every 5 min, 1 h grace” or “daily at 03:00 Europe/Vienna, 1 h grace”."""
        return f"{self._when}, {durations.words(self.grace)} grace"

    @property
    def _when(self) -> str:
        if self.calendar:
            return calendar_words(self.calendar, self.zone)
        return f"{cron_words(self.cron)} {self.zone}" if self.cron else f"every {_one(self.period)}"


def cron_words(expression: str) -> str:
    """The common shapes as people say them: “daily at 03:00”, “Mondays at 09:00”; others as they are written."""
    minute, hour, day, month, weekday = (*expression.split(), "", "", "", "", "")[:5]
    if found := re.fullmatch(r"\*/(\d+) \* \* \* \*", expression):
        return f"every {found[1]} min by the clock of"
    if month != "*" or not minute.isdecimal() or not hour.isdecimal():
        return expression
    at = f"at {int(hour):02d}:{int(minute):02d}"
    if day == "*":
        days = _weekdays(weekday)
        return f"{days} {at}" if days else expression
    return f"on day {day} of the month {at}" if day.isdecimal() and weekday == "*" else expression


def calendar_words(text: str, zone_name: str) -> str:
    """The first line, with its zone, and how many others there are."""
    first, *others = lines(text)
    where = "" if first.split()[-1] in zone_names() else f" {zone_name}"
    return f"{first}{where}" + (f" and {len(others)} more" if others else "")


def _weekdays(field: str) -> str:
    """“daily”, “Mondays”, “Monday to Friday”; nothing for what is better left as it is written."""
    if field == "*":
        return "daily"
    ends = [_DAYS[int(end) % 7] for end in field.split("-") if end.isdecimal()]
    if len(ends) != field.count("-") + 1 or len(ends) > 2:
        return ""
    return f"{ends[0]}s" if len(ends) == 1 else f"{ends[0]} to {ends[1]}"


def _one(span: timedelta) -> str:
    """“day” rather than “1 day”."""
    words = durations.words(span)
    unit = words.removeprefix("1 ")
    return {"day": "day", "h": "hour", "min": "minute"}.get(unit, words)
