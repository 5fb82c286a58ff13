"""The sweeps: open what is due, read it again while it is open, say what was missed."""

from datetime import datetime, timedelta

from maintenance.checklists.models import Template
from maintenance.checklists.selectors import latest_unsigned
from maintenance.checklists.services import machine, templates
from opsconsole.lib.claims import claim
from opsconsole.lib.sweeps import each, sweep

LEASE = timedelta(minutes=2)


@sweep("checklists.open_due", title="Open checklists that are due")
def open_due(now: datetime) -> int:
    """What fails in one step does not keep the next from its work."""
    return each((templates.templates_install, templates.templates_align, _open), lambda step: step(now=now))


def _open(*, now: datetime) -> int:
    due = Template.objects.filter(is_active=True, next_at__lte=now).order_by("next_at")
    taken = claim(due, now=now, lease=LEASE, limit=20)
    return each(taken, lambda t: machine.run_open(template=t, now=now) is not None)


@sweep("checklists.refresh", title="Read the machine's answers of open checklists again")
def refresh(now: datetime) -> int:
    return each(latest_unsigned(now), lambda run: machine.run_refresh(run=run, now=now))


@sweep("checklists.missed", title="Say which checklists were not signed off in time")
def missed(now: datetime) -> int:
    return machine.runs_miss(now=now)
