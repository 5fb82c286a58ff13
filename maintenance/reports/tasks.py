"""The sweeps of reports: publish what is due, and see whether what was published still holds."""

from datetime import datetime, timedelta

from maintenance.reports import selectors, services
from maintenance.reports.models import Status, WeeklyReport
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.periods import Week
from opsconsole.lib.sweeps import each, sweep

RECHECK = timedelta(hours=6)
RECENT = 5


@sweep("reports.publish_due", title="Publish the weekly report")
def publish_due(now: datetime) -> int:
    """Monday at seven in the team's zone, last week's; after a long stop what was missed of the last four weeks."""
    where = team_zone()

    def publish(week: Week) -> int:
        services.report_publish(week=week, zone=where, now=now)
        return 1

    return each(selectors.missing(now), publish)


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
