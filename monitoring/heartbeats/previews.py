"""What a schedule means, told while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitoring.heartbeats.states import Schedule
from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule, cron_after, zone

SHOWN = 3


@dataclass(frozen=True)
class Preview:
    """The next times in the chosen zone, or what is wrong; `sentence` for a period."""

    times: tuple[str, ...] = ()
    sentence: str = ""
    wrong: str = ""


def preview(given: Mapping[str, object], now: datetime) -> Preview:
    """`given` holds the form's fields as they are typed."""
    said = {
        name: str(given.get(name) or "").strip() for name in ("schedule", "cron", "zone", "period", "grace")
    }
    if said["schedule"] == Schedule.CRON:
        return _cron(said["cron"], said["zone"] or "UTC", now)
    try:
        period, grace = durations.parse(said["period"]), durations.parse(said["grace"])
        return Preview(sentence=f"Somebody is told when nothing came for {durations.words(period + grace)}.")
    except (ValueError, OverflowError):
        return Preview()


def _cron(expression: str, zone_name: str, now: datetime) -> Preview:
    if not expression:
        return Preview()
    at, times = now, []
    try:
        for _ in range(SHOWN):
            at = cron_after(expression, zone_name, at)
            local = at.astimezone(zone(zone_name))
            times.append(f"{local:%A} {local.day} {local:%B}, {local:%H:%M} {local:%Z}")
    except BadSchedule as error:
        return Preview(wrong=str(error))
    return Preview(times=tuple(times))
