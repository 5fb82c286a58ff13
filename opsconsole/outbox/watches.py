"""What the auditor looks at here."""

from datetime import datetime, timedelta

from opsconsole.health.watches import Overdue, overdue, watch
from opsconsole.outbox import selectors

GRACE = timedelta(minutes=5)


@watch("outbox.deliveries")
def deliveries(now: datetime) -> Overdue:
    """Messages that should have been tried five minutes ago and that nobody has taken: the sender stands still."""
    sentence = "Messages that are due and have not been tried: {n}. Is the engine running?"
    return overdue(selectors.overdue(now, GRACE), "due_at", sentence)
