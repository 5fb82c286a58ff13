"""What the auditor asks of heartbeats."""

from datetime import datetime, timedelta

from monitoring.heartbeats.models import Ping
from opsconsole.health.watches import Overdue, overdue, watch

SLACK = timedelta(seconds=30)


@watch("heartbeats")
def unread(now: datetime) -> Overdue:
    """Pings that came over half a minute ago and that no sweep has read."""
    rows = Ping.objects.filter(folded=False, at__lt=now - SLACK)
    return overdue(rows, "at", "What jobs reported has not been read.")
