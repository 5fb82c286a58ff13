"""The ops manager's page over a large database: a morning checklist of which half is answered, and a year of signed ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bench._data import big_database, connected
from bench._pages import median_ms
from maintenance.checklists import tasks
from maintenance.checklists.models import Answer, Run, Template
from maintenance.checklists.services import machine
from maintenance.checklists.services.templates import templates_install
from maintenance.checklists.states import RunStatus, Source
from opsconsole.lib import clock
from opsconsole.measures.verdicts import Verdict

Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with connected(big_database()):
        now = clock.now()
        run = _open(now)
        yield "page_today", median_ms("/today/"), "ms"
        yield "page_checklists", median_ms("/maintenance/checklists/"), "ms"
        yield "page_checklist_run", median_ms(f"/maintenance/checklists/runs/{run.pk}/"), "ms"


def _open(now: datetime) -> Run:
    """A fresh morning run, due a minute ago, after a year of signed ones."""
    Run.objects.all().delete()  # what an earlier bench left
    templates_install(now=now)
    template = Template.objects.get(slug="morning")
    _year(template, now)
    Template.objects.filter(pk=template.pk).update(next_at=now - timedelta(minutes=1))
    tasks.open_due(now)
    return Run.objects.filter(template=template).latest("due_at")


def _year(template: Template, now: datetime) -> None:
    days = [now - timedelta(days=back, minutes=1) for back in range(1, 366)]
    signed = {"opened_at": now, "status": RunStatus.SIGNED, "verdict": Verdict.OK}
    runs = Run.objects.bulk_create(
        Run(template=template, name=template.name, due_at=at, deadline_at=at, signed_at=at, **signed)
        for at in days
    )
    items = list(template.items.all())
    Answer.objects.bulk_create(
        (
            Answer(
                run=run,
                item=item,
                source=Source.MACHINE,
                verdict=Verdict.OK,
                read_at=run.due_at,
                **machine.copied(item),
            )
            for run in runs
            for item in items
        ),
        batch_size=2000,
    )
