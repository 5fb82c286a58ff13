"""When maintenance windows are: once, or again by weekday, by day of the month or by a cron expression; always with an end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models

from opsconsole.lib.calendars import BadSchedule, Weekly, cron_after

MOST = 50  # times that overlap; of more the earlier ones say enough
LAST_DAY = 32  # of a month, however long it is


class Repeats(models.TextChoices):
    ONCE = "once", "Once"
    WEEKLY = "weekly", "On weekdays"
    MONTHLY = "monthly", "On a day of the month"
    CRON = "cron", "By a cron expression"


@dataclass(frozen=True)
class Recurrence:
    """From `starts_at` to `until`; each time for `lasts`. What recurs begins by the wall clock of its zone and lasts as long
    whatever is done to clocks meanwhile."""

    repeats: str
    starts_at: datetime
    until: datetime
    lasts: timedelta
    zone: str = "UTC"
    wall: time = time(0)
    weekdays: frozenset[int] = frozenset()
    day: int = 1
    cron: str = ""

    def begins_after(self, moment: datetime) -> datetime | None:
        """The first beginning later than `moment`; None when there is none before the end. Raises BadSchedule."""
        if self.repeats == Repeats.ONCE:
            found = self.starts_at if self.starts_at > moment else None
        else:
            found = self._next(max(moment, self.starts_at - timedelta(microseconds=1)))
        return found if found and found < self.until else None

    def _next(self, moment: datetime) -> datetime:
        if self.repeats == Repeats.WEEKLY:
            return Weekly(self.wall, self.zone, self.weekdays).after(moment)
        return cron_after(self.cron if self.repeats == Repeats.CRON else self._monthly(), self.zone, moment)

    def _monthly(self) -> str:
        return f"{self.wall.minute} {self.wall.hour} {'L' if self.day == LAST_DAY else self.day} * *"

    def running(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """Beginning and end of the time that holds a moment; of several the one that ends last."""
        found, at = None, moment - self.lasts
        for _ in range(MOST):
            start = self.begins_after(at)
            if start is None or start > moment:
                break
            found, at = (start, min(start + self.lasts, self.until)), start
        return found if found and moment < found[1] else None

    def times(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Beginning and end of times that together are all there is of it in [start, end), in order. Raises BadSchedule."""
        begin = self.begins_after(start - self.lasts)
        while begin and begin < end:
            finish = min(begin + self.lasts, self.until)
            yield begin, finish
            later = self.begins_after(begin + self.lasts * 0.9)  # those before it add nothing, if it joins
            begin = later if later and later <= finish else self.begins_after(begin)

    def check(self) -> None:
        """Raises BadSchedule for one that never comes."""
        if self.repeats != Repeats.ONCE and self._next(self.starts_at) >= self.until:
            raise BadSchedule("It never comes before its end: choose a later end.")
