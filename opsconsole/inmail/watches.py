"""What the auditor asks of incoming mails."""

from datetime import datetime, timedelta

from opsconsole.health.watches import Overdue, overdue, watch
from opsconsole.inmail.models import Fate, Message

SLACK = timedelta(minutes=2)


@watch("inmail")
def unread(now: datetime) -> Overdue:
    """Mails that are due and that no sweep has read."""
    rows = Message.objects.filter(fate=Fate.WAITING, due_at__lt=now - SLACK)
    return overdue(rows, "due_at", "{n} mails that came in have not been read.")
