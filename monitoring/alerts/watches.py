"""What the auditor asks of alerts."""

from datetime import datetime, timedelta

from monitoring.alerts.models import Group
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(seconds=60)


@watch("alerts.groups")
def untold(now: datetime) -> Overdue:
    rows = Group.objects.filter(look_at__lt=now - LATE)
    return overdue(rows, "look_at", "Alerts wait to be told; nobody is paged for them.")
