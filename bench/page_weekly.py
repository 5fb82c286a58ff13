"""The founder's page over a large database: published (frozen), and the preview that reads every figure anew."""

from collections.abc import Iterator

from bench._data import ZONE, big_database, connected
from bench._pages import median_ms
from maintenance.reports import services, weeks
from maintenance.reports.models import WeeklyReport
from opsconsole.lib import clock

Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with connected(big_database()):
        now = clock.now()
        this = weeks.current(ZONE, now)
        WeeklyReport.objects.all().delete()  # what an earlier version froze
        services.report_publish(week=this.plus(-1), zone=ZONE, now=now)
        yield "page_weekly", median_ms(f"/reports/weekly/{this.plus(-1)}/"), "ms"
        yield "page_weekly_preview", median_ms(f"/reports/weekly/{this}/"), "ms"
        yield "page_weekly_list", median_ms("/reports/weekly/"), "ms"
        yield "page_measures", median_ms("/measures/"), "ms"
