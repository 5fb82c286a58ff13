"""What the auditor looks at: postmortems that should have been drafted, and reminders that did not go out."""

from datetime import datetime, timedelta

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import unreviewed
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(minutes=10)


@watch("postmortems.drafts")
def drafts(now: datetime) -> Overdue:
    rows = unreviewed().filter(resolved_at__lt=now - LATE)
    return overdue(rows, "resolved_at", "Postmortems that must be written have not been drafted.")


@watch("postmortems.reminders")
def reminders(now: datetime) -> Overdue:
    rows = Postmortem.objects.filter(remind_at__lt=now - LATE)
    return overdue(rows, "remind_at", "Postmortems are late, and nobody was reminded.")


@watch("actions.reminders")
def action_reminders(now: datetime) -> Overdue:
    rows = Action.objects.filter(remind_at__lt=now - LATE)
    return overdue(rows, "remind_at", "Actions are late, and nobody was reminded.")
