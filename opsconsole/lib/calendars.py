"""Wall time to instants. A schedule stores wall time and a zone's name; each occurrence is computed on its own.

At a change to summer time a skipped wall time happens at the first instant after the gap; at the change back a doubled one
happens at its first occurrence, once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from croniter import croniter


class BadSchedule(ValueError):
    """A schedule that cannot be used; its message is a sentence for the form."""


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """Raises BadSchedule for a name the time-zone database does not have."""
    if name not in zone_names():
        raise BadSchedule(f"“{name}” is not a time zone; use a name such as Europe/Vienna or UTC.")
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def instant(day: date, wall: time, where: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `where` show `wall` on `day`."""
    local = datetime.combine(day, wall, where)
    there = local.astimezone(UTC)
    if there.astimezone(where).replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    return _after_gap(local)


def _after_gap(local: datetime) -> datetime:
    """The first instant after the gap that swallowed `local`."""
    edges = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    return _change(min(edges), max(edges), local.tzinfo)


def _change(low: datetime, high: datetime, where: tzinfo | None) -> datetime:
    """The instant between two at which clocks in `where` are changed."""
    offset = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(where).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Weekly:
    """At `wall` time in `zone_name` on the given weekdays (0 = Monday); every `ordinal`-th of the month when set.

    `ordinal` 1 with Monday is the first Monday of a month, -1 with Friday the last Friday. `months` narrows to some months
    (1–12), so that the first Monday of a quarter is months {1, 4, 7, 10}.
    """

    wall: time
    zone_name: str
    weekdays: frozenset[int] = frozenset(range(7))
    ordinal: int = 0
    months: frozenset[int] = frozenset(range(1, 13))

    def holds(self, day: date) -> bool:
        if day.weekday() not in self.weekdays or day.month not in self.months:
            return False
        if self.ordinal > 0:
            return (day.day - 1) // 7 + 1 == self.ordinal
        return self.ordinal == 0 or (day + timedelta(days=7)).month != day.month

    def after(self, moment: datetime) -> datetime:
        """The first occurrence later than `moment`. Raises BadSchedule when there is none within 8 years."""
        where = zone(self.zone_name)
        day = moment.astimezone(where).date()
        for _ in range(8 * 366):
            if self.holds(day) and (at := instant(day, self.wall, where)) > moment:
                return at
            day += timedelta(days=1)
        raise BadSchedule("This schedule never comes: choose at least one weekday and one month.")

    def between(self, start: datetime, end: datetime) -> Iterator[datetime]:
        at = self.after(start - timedelta(microseconds=1))
        while at < end:
            yield at
            at = self.after(at)


def cron_after(expression: str, zone_name: str, moment: datetime) -> datetime:
    """The next time a cron expression fires after `moment`, in UTC.

    Five fields, read on the wall clock of the zone. What comes at set hours comes as `instant` says when clocks are changed;
    what comes every hour (its second field begins with “*”) keeps its pace, as cron itself does: in both of two equal hours,
    and not in a skipped one. Raises BadSchedule for a malformed expression, one that never fires, or an unknown zone.
    """
    where, fields = zone(zone_name), expression.split()
    if len(fields) != 5 or _BY_CHANCE.search(expression) or not croniter.is_valid(expression):
        raise BadSchedule(
            f"“{expression}” is not a cron expression; write five fields: minute hour day month weekday, e.g. “0 3 * * *”."
        )
    try:
        return (_paced(expression, where, moment) if fields[1][0] == "*" else None) or _set(
            expression, where, moment
        )
    except (ValueError, KeyError) as error:
        raise BadSchedule(f"“{expression}” never fires; check its day and month.") from error


_BY_CHANCE = re.compile(r"\br\b", re.IGNORECASE)  # croniter draws a time for R, another at each question


def _set(expression: str, where: ZoneInfo, moment: datetime) -> datetime:
    wall = _next_wall(expression, moment.astimezone(where))
    while (at := instant(wall.date(), wall.time(), where)) <= moment:
        wall = _next_wall(expression, wall)
    return at


def _paced(expression: str, where: ZoneInfo, moment: datetime) -> datetime | None:
    """As if clocks were never changed, and anew from the change if there is one on the way; None of what is over a day ahead."""
    offset = moment.astimezone(where).utcoffset() or timedelta()
    at = _next_wall(expression, moment + offset).replace(tzinfo=UTC) - offset
    later = at.astimezone(where).utcoffset() or timedelta()
    if at - moment > timedelta(days=1):
        return None
    if later == offset:
        return at
    change = _change(moment, at, where)
    return _next_wall(expression, change + later - timedelta(seconds=1)).replace(tzinfo=UTC) - later


def _next_wall(expression: str, wall: datetime) -> datetime:
    found: datetime = croniter(expression, wall.replace(tzinfo=None)).get_next(datetime)
    return found
