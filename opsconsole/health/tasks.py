"""The auditor: is anything overdue? Only when nothing is, the outside dead-man's switch hears from us."""

import logging
from datetime import datetime

from django.conf import settings

from opsconsole.health.alarms import raise_alarm
from opsconsole.health.models import SweepRun
from opsconsole.health.selectors import just_back, late_sweeps, overdue
from opsconsole.health.services import switch_called
from opsconsole.lib.http.client import CallFailed, call
from opsconsole.lib.http.easy import Request
from opsconsole.lib.http.guard import Refused
from opsconsole.lib.sweeps import sweep

log = logging.getLogger(__name__)


@sweep("health.audit", title="Look for anything overdue, and tell the dead-man's switch")
def audit(now: datetime) -> int:
    """How many things are overdue. Nothing is said just after a start, while what waited is being worked off."""
    if just_back(now):
        return 0
    found = [(name, one.sentence or f"{one.count} overdue") for name, one in overdue(now)]
    found += [(f"sweep {run.sweep}", _why_late(run)) for run in late_sweeps(now)]
    if found:
        _tell(found, now)
    elif settings.OPSCONSOLE_DEADMAN_URL:
        switch_called(now=now, error=_all_is_well())
    return len(found)


def _why_late(run: SweepRun) -> str:
    return f"“{run}” fails; the health page says why." if run.fails else f"“{run}” has not run in time."


def _tell(found: list[tuple[str, str]], now: datetime) -> None:
    """Once an hour for the same set of things, not once a minute."""
    names = ",".join(sorted(name for name, _ in found))
    lines = "\n".join(f"- {name}: {sentence}" for name, sentence in found)
    log.warning("overdue: %s", names)
    event = f"console.overdue:{now:%Y-%m-%dT%H}:{names}"[:120]
    raise_alarm(event, "The console is behind with its work", f"Overdue now:\n{lines}\n", now)


def _all_is_well() -> str:
    """Why the switch could not be told; "" when it was."""
    try:
        answer = call(Request(settings.OPSCONSOLE_DEADMAN_URL, timeout=10))
    except (CallFailed, Refused) as error:
        log.warning("the dead-man's switch was not reached: %s", error)
        return f"It was not reached: {error}"
    if answer.status >= 300:
        log.warning("the dead-man's switch answered %s; is its address right?", answer.status)
        return f"It answered {answer.status}; is its address right?"
    return ""
