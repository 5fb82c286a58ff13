"""What the auditor asks of sources."""

from datetime import datetime, timedelta

from monitoring.metrics.models import Source
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(minutes=5)


@watch("metrics")
def late(now: datetime) -> Overdue:
    """Sources that nobody read: a source that was read and failed is not among them, it says so itself."""
    due = Source.objects.filter(is_paused=False, next_at__lt=now - LATE)
    return overdue(
        due, "next_at", "Sources of metrics that should have been read over five minutes ago: {n}."
    )
