"""The sweeps of reports: publish what is due, and see whether what was published still holds."""

from datetime import datetime, timedelta

from maintenance.reports import services, weeks
from maintenance.reports.models import Status, WeeklyReport
from opsconsole.accounts.selectors import team
from opsconsole.lib.calendars import zone
from opsconsole.lib.sweeps import each, sweep

RECHECK = timedelta(hours=6)
RECENT = 5


@sweep("reports.publish_due", title="Publish the weekly report")
def publish_due(now: datetime) -> int:
    """Monday at seven in the team's zone, last week's; after a long stop what was missed of the last four weeks."""
    found = team()
    if found is None:
        return 0
    where = zone(found.time_zone)
    due = weeks.due(where, now, found.created_at)
    published = set(
        WeeklyReport.objects.filter(week__in=[str(w) for w in due], status=Status.PUBLISHED).values_list(
            "week", flat=True
        )
    )
    missing = [week for week in due if str(week) not in published]
    return each(missing, lambda week: bool(services.report_publish(week=week, zone=where, now=now)))


@sweep("reports.recompute", title="Compare recent reports with today's records")
def recompute(now: datetime) -> int:
    """Of the last five published, the one that was compared longest ago; each at most every six hours."""
    recent = WeeklyReport.objects.filter(status=Status.PUBLISHED).order_by("-week")[:RECENT]
    old = [(seen, report) for report in recent if (seen := _seen(report, now)) <= now - RECHECK]
    if not old:
        return 0
    _, report = min(old, key=lambda pair: pair[0])
    services.report_recompute(report=report, now=now)
    return 1


def _seen(report: WeeklyReport, now: datetime) -> datetime:
    return report.recomputed_at or report.published_at or now
