"""What a checklist may ask about heartbeats."""

from datetime import datetime

from django.urls import reverse

from monitoring.heartbeats.selectors import Counts, counts
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict


@check("heartbeats.all_on_time", title="Every job reported in time")
def all_on_time(now: datetime) -> Evidence:
    """Down: bad. Late within its grace: look. Not measured or never reported: not verified."""
    found = counts(now)
    watched = found.total - found.paused
    value = f"{found.on_time} of {watched}" if watched else "–"
    return Evidence(_verdict(found), value, _detail(found), reverse("heartbeats:list"), now)


def _verdict(found: Counts) -> Verdict:
    if found.down:
        return Verdict.BAD
    if found.late:
        return Verdict.LOOK
    return Verdict.OK if found.on_time and not (found.unknown or found.new) else Verdict.UNKNOWN


def _detail(found: Counts) -> str:
    if not found.total:
        return "no job reports here yet"
    parts = {
        "late or failed": found.down,
        "late within the grace": found.late,
        "not measured": found.unknown,
        "never reported yet": found.new,
        "paused": found.paused,
    }
    return ", ".join(f"{n} {words}" for words, n in parts.items() if n) or "all on time"
