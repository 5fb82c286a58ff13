"""The founder's pages over a large database: published (frozen), and the preview that reads every figure anew."""

from collections.abc import Iterator

from django.db import transaction

from bench._data import ZONE, big_database, connected
from bench._pages import median_ms
from maintenance.reports import services, weeks
from opsconsole.lib import clock

Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    """What is published here is rolled back, so that other benchmarks find the database as it was."""
    with connected(big_database()), transaction.atomic():
        now = clock.now()
        this = weeks.current(ZONE, now)
        services.report_publish(week=this.plus(-1), zone=ZONE, now=now)
        yield "page_weekly", median_ms(f"/reports/weekly/{this.plus(-1)}/"), "ms"
        yield "page_weekly_preview", median_ms(f"/reports/weekly/{this}/"), "ms"
        yield "page_weekly_list", median_ms("/reports/weekly/"), "ms"
        yield "page_measures", median_ms("/measures/"), "ms"
        yield "page_measure", median_ms("/measures/monitoring.latency_p95/?span=1y"), "ms"
        transaction.set_rollback(True)
