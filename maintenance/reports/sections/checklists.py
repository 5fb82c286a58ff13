"""Checklists: kept or missed in the week, and what is due in the next one."""

from collections import defaultdict
from datetime import datetime
from itertools import islice

from django.urls import reverse

from maintenance.checklists.models import Run, Template
from maintenance.checklists.states import RunStatus
from maintenance.reports.sections import Context, Item, contributes
from opsconsole.lib.figures import counted

MOST = 200  # occurrences looked for in a week


def _ended(context: Context) -> list[Run]:
    """Those due in the week that are signed off or missed."""
    span = context.period
    due = Run.objects.filter(due_at__gte=span.start, due_at__lt=span.end).exclude(status=RunStatus.OPEN)
    return list(due.order_by("due_at").only("name", "due_at", "deadline_at", "status", "signed_at"))


@contributes("well", order=40)
def kept(context: Context) -> list[Item]:
    runs = _ended(context)
    if not runs or any(run.signed_at is None or run.is_late for run in runs):
        return []
    said = "The one checklist was" if len(runs) == 1 else f"All {counted(len(runs), 'checklist')} were"
    return [Item(f"{said} signed off in time.")]


@contributes("attention", order=40)
def missed(context: Context) -> list[Item]:
    """One line for each checklist that nobody signed off in time, with its days."""
    found: dict[str, list[Run]] = defaultdict(list)
    for run in _ended(context):
        if run.signed_at is None:
            found[run.name].append(run)
    return [_missed(context, name, runs) for name, runs in found.items()]


def _missed(context: Context, name: str, runs: list[Run]) -> Item:
    days = [f"{context.local(run.due_at):%A}" for run in runs]
    when = f"on {days[0]}" if len(days) == 1 else f"{len(days)} times: {', '.join(dict.fromkeys(days))}"
    return Item(f"was missed {when}.", label=name, url=reverse("checklists:run", args=[runs[-1].pk]))


@contributes("upcoming", order=10)
def due(context: Context) -> list[Item]:
    """How many come in the week ahead, and the first."""
    coming = sorted(_coming(context))
    if not coming:
        return []
    at, name = coming[0]
    first = f"{name}, {context.local(at):%A %H:%M}"
    text = f"are due, the first {first}." if len(coming) > 1 else f"is due: {first}."
    return [Item(text, label=counted(len(coming), "checklist"), url=reverse("checklists:list"))]


def _coming(context: Context) -> list[tuple[datetime, str]]:
    span, zone = context.ahead, str(context.zone)
    return [
        (at, template.name)
        for template in Template.objects.filter(is_active=True)
        for at in islice(template.schedule(zone).between(span.start, span.end), MOST)
    ]
