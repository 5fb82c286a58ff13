"""The founder's pages over a large database: published (frozen), and the preview that reads every figure anew."""

from collections.abc import Iterator

from django.db import transaction

from bench._data import ZONE, big_database, connected
from bench._pages import Figure, pages
from maintenance.reports import services, weeks
from opsconsole.lib import clock


def figures() -> Iterator[Figure]:
    """What is published here is rolled back, so that other benchmarks find the database as it was."""
    with connected(big_database()), transaction.atomic():
        now = clock.now()
        this = weeks.current(ZONE, now)
        services.report_publish(week=this.plus(-1), zone=ZONE, now=now)
        yield from pages(
            {
                "page_weekly": f"/reports/weekly/{this.plus(-1)}/",
                "page_weekly_preview": f"/reports/weekly/{this}/",
                "page_weekly_list": "/reports/weekly/",
                "page_measures": "/measures/",
                "page_measure": "/measures/monitoring.latency_p95/?span=1y",
            }
        )
        transaction.set_rollback(True)
