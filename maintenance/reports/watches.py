"""What the auditor asks of reports."""

from datetime import datetime, timedelta

from maintenance.reports import selectors, weeks
from opsconsole.accounts.selectors import team_zone
from opsconsole.health.watches import Overdue, watch

GRACE = timedelta(minutes=30)


@watch("reports")
def unpublished(now: datetime) -> Overdue:
    """A weekly report that should have been out for half an hour."""
    missing = selectors.missing(now - GRACE)
    if not missing:
        return Overdue(0)
    since = weeks.publishes_at(missing[0], team_zone())
    return Overdue(len(missing), since, "A weekly report is not published.")
