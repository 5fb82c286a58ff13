"""What the auditor looks at: checklists that should have been opened."""

from datetime import datetime, timedelta

from maintenance.checklists.models import Template
from opsconsole.health.watches import Overdue, overdue, watch

SLACK = timedelta(minutes=5)


@watch("checklists")
def unopened(now: datetime) -> Overdue:
    rows = Template.objects.filter(is_active=True, next_at__lte=now - SLACK)
    return overdue(rows, "next_at", "Checklists that are due have not been opened.")
