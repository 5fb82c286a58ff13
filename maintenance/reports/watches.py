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
    published = WeeklyReport.objects.filter(week__in=[str(w) for w in due], status=Status.PUBLISHED)
    out = set(published.values_list("week", flat=True))
    missing = [weeks.publishes_at(w, where) for w in due if str(w) not in out]
    if not missing:
        return Overdue(0)
    return Overdue(len(missing), missing[0], "A weekly report is not published.")
