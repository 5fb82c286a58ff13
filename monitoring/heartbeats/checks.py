"""What a checklist may ask about heartbeats."""

from datetime import datetime, timedelta

from django.urls import reverse

from monitoring.heartbeats.measures import success
from monitoring.heartbeats.selectors import Counts, counts
from opsconsole.lib.figures import written
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict


@check("heartbeats.all_on_time", title="Every job reported in time")
def all_on_time(now: datetime) -> Evidence:
    """Down: bad. Late within its grace: look. Not measured or never reported: not verified. What is maintained
    is left out."""
    found = counts(now)
    value = f"{found.on_time} of {found.watched}" if found.watched else "–"
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
        "under maintenance": found.maintained,
        "paused": found.paused,
    }
    return ", ".join(f"{n} {words}" for words, n in parts.items() if n) or "all on time"


FEWER, FAR_FEWER = 2.0, 10.0  # points of a per cent
HEARD = 0.5  # of the time


@check("heartbeats.success_holds", title="As many runs of jobs succeed as in the week before")
def success_holds(now: datetime) -> Evidence:
    """The share of the last 24 hours against the seven days before: two points less are worth a look, ten are bad."""
    day, week = timedelta(days=1), timedelta(days=7)
    lately, usual = success(Period(now - day, now)), success(Period(now - day - week, now - day))
    value = str(written(lately.value, "%", 1))
    if lately.value is None or usual.value is None:
        missing = (
            "no run ended in the last 24 hours"
            if lately.value is None
            else "no week before to compare with yet"
        )
        return Evidence(Verdict.UNKNOWN, value, missing, lately.evidence_url, now)
    detail = f"{lately.detail}; {written(usual.value, '%', 1)} in the week before"
    if min(lately.coverage, usual.coverage) < HEARD:
        return Evidence(
            Verdict.UNKNOWN,
            value,
            f"the console did not listen all the time: {detail}",
            lately.evidence_url,
            now,
        )
    return Evidence(_fallen(usual.value - lately.value), value, detail, lately.evidence_url, now)


def _fallen(points: float) -> Verdict:
    if points < FEWER:
        return Verdict.OK
    return Verdict.LOOK if points < FAR_FEWER else Verdict.BAD
