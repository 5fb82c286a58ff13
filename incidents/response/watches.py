"""What the auditor looks at: changes nobody turned into incidents, and targets nobody minded."""

from datetime import datetime, timedelta

from incidents.response.consuming import waiting
from incidents.response.models import Incident
from monitoring.alerts.models import Notice
from monitoring.catalogue.models import StatusChange
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(seconds=60)


@watch("response.changes")
def changes(now: datetime) -> Overdue:
    """Those that are muted may wait."""
    rows = StatusChange.objects.filter(pk__in=waiting(now), noticed_at__lt=now - LATE)
    sentence = "Changes of state wait to become incidents; nobody is paged for them."
    return overdue(rows, "noticed_at", sentence)


@watch("response.notices")
def notices(now: datetime) -> Overdue:
    rows = Notice.objects.filter(handled_at=None, at__lt=now - LATE)
    return overdue(rows, "at", "Alerts wait to become incidents; nobody is paged for them.")


@watch("response.clocks")
def clocks(now: datetime) -> Overdue:
    rows = Incident.objects.filter(look_at__lt=now - LATE)
    return overdue(rows, "look_at", "Targets of incidents have passed, and nobody was reminded.")
