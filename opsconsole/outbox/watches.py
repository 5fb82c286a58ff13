"""What the auditor looks at here."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from opsconsole.health.watches import Overdue, watch
from opsconsole.outbox.selectors import overdue

GRACE = timedelta(minutes=5)


@watch("outbox.deliveries")
def deliveries(now: datetime) -> Overdue:
    """Messages that should have been tried five minutes ago and that nobody has taken: the sender stands still."""
    found = overdue(now, GRACE).order_by().aggregate(count=Count("pk"), oldest=Min("due_at"))
    if not found["count"]:
        return Overdue(0)
    sentence = f"{found['count']} messages have not been tried although they are due; is the engine running?"
    return Overdue(found["count"], found["oldest"], sentence)
