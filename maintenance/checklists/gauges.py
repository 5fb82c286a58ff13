"""Checklists that wait for somebody, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from maintenance.checklists.selectors import latest_unsigned, waiting
from opsconsole.health.exposition import Gauge, Sample, flag, gauges


@gauges("checklists")
def checklists(now: datetime) -> Iterator[Gauge]:
    yield Gauge("checklist_answers_waiting", "Questions that wait for a person.", [Sample(waiting(now))])
    yield flag("checklist_overdue", "Of the lists to be signed off, whose time to sign off is over.", [
        ({"checklist": run.name, "id": str(run.template_id)}, run.deadline_at <= now) for run in latest_unsigned(now)
    ])  # fmt: skip
