"""Figures of checklists."""

from django.db.models import Count, F, Q

from maintenance.checklists.models import Answer
from maintenance.checklists.selectors import ALONE, runs_ended, runs_signed
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading


@measure(
    "checklists.on_time",
    title="Checklists signed off in time",
    unit="%",
    method="Of the checklists due in the period whose deadline has passed or that are signed off, the share signed off by"
    " their deadline. One that was due while the console was stopped counts as missed.",
    better="higher",
    target=95,
    limit=80,
    fold=Fold.POOLED,
    boards=("executive",),
)
def on_time(period: Period) -> Reading:
    found = runs_ended(period).aggregate(
        n=Count("pk"), good=Count("pk", filter=Q(signed_at__lte=F("deadline_at")))
    )
    return _share("checklists.on_time", period, found["good"], found["n"])


@measure(
    "checklists.by_machine",
    title="Checklist items that needed nobody",
    unit="%",
    method="Of the items of checklists signed off in the period, the share that the console answered from data and found"
    " fine, so that no person had to do anything.",
    better="higher",
    target=80,
    limit=40,
    fold=Fold.POOLED,
)
def by_machine(period: Period) -> Reading:
    answers = Answer.objects.filter(run__in=runs_signed(period))
    found = answers.aggregate(n=Count("pk"), good=Count("pk", filter=ALONE))
    return _share("checklists.by_machine", period, found["good"], found["n"])


def _share(slug: str, period: Period, good: int, n: int) -> Reading:
    url, said = span_url("checklists:runs", slug, period), f"{good:,} of {n:,}" if n else ""
    return Reading(100 * good / n if n else None, n=n, evidence_url=url, detail=said)
