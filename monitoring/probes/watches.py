"""What the auditor asks of probes."""

from datetime import datetime

from monitoring.probes import standing
from opsconsole.health.watches import Overdue, overdue, watch


@watch("probes")
def late(now: datetime) -> Overdue:
    """Probes that did not run for over two of their intervals: nobody would notice an outage."""
    sentence = "Probes that have not run for over two of their intervals: {n}."
    return overdue(standing.overdue(now), "next_at", sentence)
