"""The ops manager's page over a large database: a fresh morning checklist of which half is answered, and a year of signed ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from bench._data import big_database, connected
from bench._pages import Figure, pages
from maintenance.checklists import tasks
from maintenance.checklists.models import Run, Template
from opsconsole.lib import clock


def figures() -> Iterator[Figure]:
    """The run is made in a transaction that is rolled back, so that other benchmarks find the database as it was."""
    with connected(big_database()), transaction.atomic():
        run = _open(clock.now())
        yield from pages(
            {
                "page_today": "/today/",
                "page_checklists": "/maintenance/checklists/",
                "page_checklist_run": f"/maintenance/checklists/runs/{run.pk}/",
            }
        )
        transaction.set_rollback(True)


def _open(now: datetime) -> Run:
    template = Template.objects.get(slug="morning")
    Template.objects.filter(pk=template.pk).update(next_at=now - timedelta(minutes=1))
    tasks.open_due(now)
    return Run.objects.filter(template=template).latest("due_at")
