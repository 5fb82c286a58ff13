"""When a job should report: every so often, or at the times of a cron expression in a zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from opsconsole.lib import durations
from opsconsole.lib.calendars import cron_after

UNRELATED = timedelta(hours=72)
"""A start older than this has nothing to do with the end that is reported now."""


@dataclass(frozen=True)
class Plan:
    """`cron` is empty for a job that comes every `period`. `max_run_time` is apart from `grace`: a run may take long though
    its start was on time."""

    period: timedelta
    cron: str
    zone: str
    grace: timedelta
    max_run_time: timedelta | None = None

    def expected_after(self, moment: datetime) -> datetime:
        """When the next report should come, counted from one at `moment`. Raises BadSchedule."""
        return cron_after(self.cron, self.zone, moment) if self.cron else moment + self.period

    @property
    def memory(self) -> timedelta:
        """How long an open run waits for its end."""
        return max(UNRELATED, self.max_run_time or UNRELATED)

    @property
    def words(self) -> str:
        """“every 5 min, 1 h grace” or “0 3 * * * in Europe/Vienna, 1 h grace”."""
        when = f"{self.cron} in {self.zone}" if self.cron else f"every {_one(self.period)}"
        return f"{when}, {durations.words(self.grace)} grace"


def _one(span: timedelta) -> str:
    """“day” rather than “1 day”."""
    words = durations.words(span)
    unit = words.removeprefix("1 ")
    return {"day": "day", "h": "hour", "min": "minute"}.get(unit, words)
