"""What the auditor asks of alerts."""

from datetime import datetime, timedelta

from monitoring.alerts.models import Group, Rule
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(seconds=60)


@watch("alerts.groups")
def untold(now: datetime) -> Overdue:
    rows = Group.objects.filter(look_at__lt=now - LATE)
    return overdue(rows, "look_at", "Alerts wait to be told; nobody is paged for them.")


@watch("alerts.rules")
def unjudged(now: datetime) -> Overdue:
    rows = Rule.objects.filter(is_on=True, due_at__lt=now - 2 * LATE)
    return overdue(rows, "due_at", "Alert rules were not judged in time; what they watch may fail unseen.")
