"""Checklists: kept or missed in the week, and what is due in the next one."""

from collections import defaultdict
from datetime import datetime
from itertools import islice

from django.urls import reverse

from maintenance.checklists.models import Run, Template
from maintenance.checklists.selectors import runs_ended
from maintenance.reports.sections import Context, Item, contributes
from opsconsole.lib.figures import counted, every
from opsconsole.measures.evidence import span_url

MOST = 200  # occurrences looked for in a week


def _ended(context: Context) -> list[Run]:
    ended = runs_ended(context.period).order_by("due_at")
    return list(ended.only("name", "due_at", "deadline_at", "status", "signed_at"))


def _rows_url(context: Context) -> str:
    return span_url("checklists:runs", "checklists.on_time", context.period)


@contributes("well", order=40)
def kept(context: Context) -> list[Item]:
    runs = _ended(context)
    if not runs or any(run.signed_at is None or run.is_late for run in runs):
        return []
    was, said = ("was", "The one checklist") if len(runs) == 1 else ("were", every(len(runs), "checklist"))
    return [Item(f"{was} signed off in time.", said, _rows_url(context))]


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
    one, several = reverse("checklists:run", args=[runs[-1].pk]), f"{_rows_url(context)}&status=missed"
    return Item(f"was missed {when}.", label=name, url=one if len(runs) == 1 else several)


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
