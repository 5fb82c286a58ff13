"""Every measure's newest day, for /metrics."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from opsconsole.health.exposition import Gauge, Sample, gauges
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures

LATELY = timedelta(days=3)


@gauges("measures")
def daily(now: datetime) -> Iterator[Gauge]:
    """As kept at night: to read all of them afresh for each scrape would cost more than what they measure."""
    rows = DailyValue.objects.filter(day__gt=(now - LATELY).date()).order_by("day")
    newest = {row.measure: row for row in rows if row.measure in measures}
    yield Gauge("measure", "A figure on the last day that was kept, in its own unit.", [
        Sample(row.value, {"measure": slug, "unit": measures[slug].unit})
        for slug, row in sorted(newest.items()) if row.value is not None
    ])  # fmt: skip
