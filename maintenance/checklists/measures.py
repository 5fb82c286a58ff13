"""Figures of checklists."""

from django.db.models import Count, F, Q
from django.urls import reverse

from maintenance.checklists.models import Answer, Run
from maintenance.checklists.states import RunStatus, Source
from opsconsole.lib.periods import Period
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
)
def on_time(period: Period) -> Reading:
    ended = Run.objects.filter(due_at__gte=period.start, due_at__lt=period.end).exclude(status=RunStatus.OPEN)
    found = ended.aggregate(n=Count("pk"), good=Count("pk", filter=Q(signed_at__lte=F("deadline_at"))))
    return _share(found["good"], found["n"])


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
    signed = Answer.objects.filter(run__signed_at__gte=period.start, run__signed_at__lt=period.end)
    alone = Q(source=Source.MACHINE, settled="")
    found = signed.aggregate(n=Count("pk"), good=Count("pk", filter=alone))
    return _share(found["good"], found["n"])


def _share(good: int, n: int) -> Reading:
    url = reverse("checklists:list")
    return Reading(100 * good / n if n else None, n=n, evidence_url=url, detail=f"{good} of {n}" if n else "")
