"""What the auditor asks of integrations."""

from datetime import datetime, timedelta

from monitoring.inbound.models import Arrival, Fate
from opsconsole.health.watches import Overdue, overdue, watch

LATE = timedelta(minutes=3)


@watch("inbound")
def unread(now: datetime) -> Overdue:
    """Deliveries whose turn to be read was over three minutes ago."""
    rows = Arrival.objects.filter(fate=Fate.WAITING, due_at__lt=now - LATE)
    return overdue(rows, "due_at", "What other systems sent has not been read; alerts in it are not seen.")
