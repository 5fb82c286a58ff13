"""systemd's OnCalendar: when its timers elapse next, as `systemd-analyze calendar` tells.

On the night of a change of the clock a time that is skipped does not come, and of a doubled hour only the first counts: unlike
cron (`calendars.cron_after`), which makes up for the one. A line may end in a zone of its own.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from oncalendar import OnCalendarError, TzIterator

from opsconsole.lib.calendars import BadSchedule, zone

MOST_LINES = 10
_TWICE_A_YEAR = re.compile(r"^bi-?annually\b", re.IGNORECASE)
"""Words of systemd's that the library does not know."""
_MALFORMED = (OnCalendarError, ValueError, IndexError, KeyError, OverflowError)


def lines(text: str) -> list[str]:
    """What is written, a schedule a line, without “OnCalendar=” in front."""
    stripped = (line.strip().removeprefix("OnCalendar=").strip() for line in text.splitlines())
    return [line for line in stripped if line]


def timer_after(text: str, zone_name: str, moment: datetime) -> datetime | None:
    """The first time of any line after `moment`, in UTC; None when none ever comes. Raises BadSchedule."""
    where, given = zone(zone_name), lines(text)
    if not 1 <= len(given) <= MOST_LINES:
        raise BadSchedule(f"Write one to {MOST_LINES} lines such as “Mon..Fri 03:00” or “*-*-01 04:30”.")
    local = moment.astimezone(where)
    return min((at for line in given for at in _after(line, local)), default=None)


def _after(line: str, local: datetime) -> Iterator[datetime]:
    """The next time of one line, or nothing."""
    try:
        for at in TzIterator(_TWICE_A_YEAR.sub("semiannually", line), local):
            if (found := at.astimezone(UTC)) > local.astimezone(
                UTC
            ):  # within a doubled hour it looks back first
                yield found
                return
    except _MALFORMED as error:
        raise BadSchedule(
            f"“{line}” is not an OnCalendar expression; write it as systemd does, e.g. “Mon..Fri 03:00”."
        ) from error
