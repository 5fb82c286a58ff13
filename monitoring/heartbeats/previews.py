"""What a schedule means, told while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.services.plans import NEVER
from monitoring.heartbeats.states import Schedule
from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule, zone

SHOWN = 5
_READ = ("schedule", "cron", "calendar", "zone", "period", "grace")
_NOTHING = timedelta()


@dataclass(frozen=True)
class Preview:
    """The next times in the chosen zone, or what is wrong; `sentence` for a period."""

    times: tuple[str, ...] = ()
    sentence: str = ""
    wrong: str = ""


def preview(given: Mapping[str, object], now: datetime) -> Preview:
    """`given` holds the form's fields as they are typed."""
    said = {name: str(given.get(name) or "").strip() for name in _READ}
    if (chosen := said["schedule"]) in (Schedule.CRON, Schedule.CALENDAR):
        cron, calendar = (said[way] if way == chosen else "" for way in (Schedule.CRON, Schedule.CALENDAR))
        return _timed(Plan(_NOTHING, cron, said["zone"] or "UTC", _NOTHING, calendar=calendar), now)
    try:
        period, grace = durations.parse(said["period"]), durations.parse(said["grace"])
        return Preview(sentence=f"Somebody is told when nothing came for {durations.words(period + grace)}.")
    except (ValueError, OverflowError):
        return Preview()


def _timed(plan: Plan, now: datetime) -> Preview:
    if not plan.is_timed:
        return Preview()
    times: list[str] = []
    try:
        at = plan.expected_after(now)
        while at and len(times) < SHOWN:
            local = at.astimezone(zone(plan.zone))
            times.append(f"{local:%A} {local.day} {local:%B}, {local:%H:%M} {local:%Z}")
            at = plan.expected_after(at)
    except BadSchedule as error:
        return Preview(wrong=str(error))
    return Preview(times=tuple(times), wrong="" if times else NEVER)
