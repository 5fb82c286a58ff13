"""What the auditor asks of reports."""

from datetime import datetime, timedelta

from maintenance.reports import weeks
from maintenance.reports.models import Status, WeeklyReport
from opsconsole.accounts.selectors import team
from opsconsole.health.watches import Overdue, watch
from opsconsole.lib.calendars import zone

GRACE = timedelta(minutes=30)


@watch("reports")
def unpublished(now: datetime) -> Overdue:
    """A weekly report that should have been out for half an hour."""
    found = team()
    if found is None:
        return Overdue(0)
    where = zone(found.time_zone)
    due = [w for w in weeks.due(where, now, found.created_at) if weeks.publishes_at(w, where) + GRACE <= now]
    out = WeeklyReport.objects.filter(week__in=[str(w) for w in due], status=Status.PUBLISHED).count()
    if out >= len(due):
        return Overdue(0)
    return Overdue(len(due) - out, weeks.publishes_at(due[0], where), "A weekly report is not published.")
