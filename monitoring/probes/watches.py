"""What the auditor asks of probes."""

from datetime import datetime

from django.db.models import Count, Min

from monitoring.probes.selectors import overdue
from opsconsole.health.watches import Overdue, watch


@watch("probes")
def late(now: datetime) -> Overdue:
    """Probes that did not run for over two of their intervals: nobody would notice an outage."""
    found = overdue(now).aggregate(n=Count("pk"), oldest=Min("next_at"))
    return Overdue(
        found["n"], found["oldest"], f"{found['n']} probes have not run for over two of their intervals."
    )
