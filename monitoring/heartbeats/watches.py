"""What the auditor asks of heartbeats."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from monitoring.heartbeats.models import Ping
from opsconsole.health.watches import Overdue, watch

SLACK = timedelta(seconds=30)


@watch("heartbeats")
def unread(now: datetime) -> Overdue:
    """Pings that came over half a minute ago and that no sweep has read."""
    found = Ping.objects.filter(folded=False, at__lt=now - SLACK).aggregate(n=Count("pk"), oldest=Min("at"))
    return Overdue(found["n"], found["oldest"], "What jobs reported has not been read.")
