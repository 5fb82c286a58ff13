"""Jobs: which of them failed or stayed away in the week."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse

from maintenance.reports.sections import Context, Item, contributes
from monitoring.heartbeats.selectors import runs_ended
from monitoring.heartbeats.states import Outcome
from opsconsole.lib.figures import counted, every
from opsconsole.lib.phrases import listed
from opsconsole.measures.evidence import span_url

MOST = 5


@dataclass(frozen=True)
class Trouble:
    """A job whose runs failed, or did not come, that often; the last of them."""

    pk: int
    name: str
    failed: int
    missed: int
    last: datetime


def _rows_url(context: Context) -> str:
    return span_url("heartbeats:runs", "heartbeats.success", context.period)


def _troubles(context: Context) -> list[Trouble]:
    """The most troubled first."""
    bad = runs_ended(context.period).exclude(outcome=Outcome.SUCCESS)
    found = (
        bad.order_by()
        .values("heartbeat_id", "heartbeat__name")
        .annotate(
            failed=Count("pk", filter=Q(outcome=Outcome.FAIL)),
            missed=Count("pk", filter=Q(outcome=Outcome.MISSED)),
            last=Max("finished_at"),
        )
    )
    rows = [
        Trouble(r["heartbeat_id"], r["heartbeat__name"], r["failed"], r["missed"], r["last"]) for r in found
    ]
    return sorted(rows, key=lambda row: (-(row.failed + row.missed), row.name))


@contributes("attention", order=50)
def failed(context: Context) -> list[Item]:
    rows = _troubles(context)
    items = [_item(row, context) for row in rows[:MOST]]
    more = Item("failed or stayed away.", counted(len(rows) - MOST, "more job"), _rows_url(context))
    return [*items, more] if len(rows) > MOST else items


def _item(row: Trouble, context: Context) -> Item:
    parts = [f"{word} {_times(n)}" for word, n in (("failed", row.failed), ("stayed away", row.missed)) if n]
    last = context.local(row.last)
    text = f"{listed(parts)}, last on {last:%A} at {last:%H:%M}."
    return Item(text, label=row.name, url=reverse("heartbeats:detail", args=[row.pk]))


def _times(n: int) -> str:
    return "once" if n == 1 else "twice" if n == 2 else f"{n} times"


@contributes("well", order=50)
def all_ran(context: Context) -> list[Item]:
    runs = runs_ended(context.period).aggregate(
        n=Count("pk"), good=Count("pk", filter=Q(outcome=Outcome.SUCCESS))
    )
    if not runs["n"] or runs["good"] < runs["n"]:
        return []
    said = f"{every(runs['n'], 'run')} of jobs"
    return [Item("succeeded.", said, _rows_url(context))] if runs["n"] > 1 else []
