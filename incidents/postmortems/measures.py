"""The figures of reviews and what follows from them."""

from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse

from incidents.postmortems.models import Postmortem
from incidents.postmortems.selectors import actions_late_at, actions_open_at, late_drafts
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading


def _moment(period: Period) -> datetime:
    return min(period.end, clock.now())


def _rows_url() -> str:
    return reverse("postmortems:list")


@measure(
    "postmortems.overdue",
    title="Late postmortems",
    unit="postmortems",
    better="lower",
    target=0,
    fold=Fold.LAST,
    method="Postmortems not published 48 hours after the incident was resolved, at the end of the period or now.",
)
def overdue(period: Period) -> Reading:
    return Reading(late_drafts(_moment(period)).count(), evidence_url=_rows_url())


@measure(
    "postmortems.in_time",
    title="Postmortems in time",
    unit="%",
    target=100,
    limit=80,
    fold=Fold.POOLED,
    method="Of the postmortems that a severity asks for and that fell due in the period, those published by then."
    " Drills are left out.",
)
def in_time(period: Period) -> Reading:
    upto = _moment(period)
    fell_due = Postmortem.objects.filter(required=True, due_at__gte=period.start, due_at__lt=upto)
    total = fell_due.count()
    done = fell_due.filter(Q(published_at__lte=F("due_at"))).count()
    value = 100 * done / total if total else None
    said = f"{done} of {total}" if total else "None fell due."
    return Reading(value, n=total, evidence_url=_rows_url(), detail=said)


@measure(
    "actions.open",
    title="Open actions",
    unit="actions",
    better="lower",
    fold=Fold.LAST,
    method="Actions from postmortems that were not done at the end of the period, or are not now.",
)
def actions_open(period: Period) -> Reading:
    return Reading(actions_open_at(_moment(period)).count(), evidence_url=_rows_url())


@measure(
    "actions.overdue",
    title="Late actions",
    unit="actions",
    better="lower",
    target=0,
    limit=2,
    fold=Fold.LAST,
    method="Open actions from postmortems whose day had passed (in the team's zone) at the end of the period, or has now.",
)
def actions_overdue(period: Period) -> Reading:
    at = _moment(period)
    return Reading(actions_late_at(at, at.astimezone(team_zone()).date()).count(), evidence_url=_rows_url())
