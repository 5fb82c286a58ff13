"""What the auditor looks at: changes nobody turned into incidents, and targets nobody minded."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from incidents.response.models import Incident
from monitoring.catalogue.models import StatusChange
from opsconsole.health.watches import Overdue, watch

LATE = timedelta(seconds=60)


@watch("response.changes")
def changes(now: datetime) -> Overdue:
    waiting = StatusChange.objects.filter(handled_at=None, noticed_at__lt=now - LATE)
    found = waiting.aggregate(n=Count("pk"), oldest=Min("noticed_at"))
    return Overdue(
        found["n"], found["oldest"], "Changes of state wait to become incidents; nobody is paged for them."
    )


@watch("response.clocks")
def clocks(now: datetime) -> Overdue:
    found = Incident.objects.filter(look_at__lt=now - LATE).aggregate(n=Count("pk"), oldest=Min("look_at"))
    return Overdue(found["n"], found["oldest"], "Targets of incidents have passed, and nobody was reminded.")
