"""What the auditor looks at: checklists that should have been opened."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from maintenance.checklists.models import Template
from opsconsole.health.watches import Overdue, watch

SLACK = timedelta(minutes=5)


@watch("checklists")
def unopened(now: datetime) -> Overdue:
    found = Template.objects.filter(is_active=True, next_at__lte=now - SLACK).aggregate(
        n=Count("pk"), oldest=Min("next_at")
    )
    return Overdue(found["n"], found["oldest"], "Checklists that are due have not been opened.")
