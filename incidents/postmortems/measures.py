"""The figures of reviews and what follows from them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from incidents.postmortems.selectors import (
    actions_due,
    actions_open_at,
    late_actions,
    late_drafts,
    required_due,
)
from incidents.postmortems.states import was_kept
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import moment_url, span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading


def _moment(slug: str, rows: Callable[[datetime], "QuerySet[Any]"], period: Period) -> Reading:
    """How many rows there were at the end of the period, or are now."""
    now = clock.now()
    count = rows(min(period.end, now)).count()
    return Reading(count, evidence_url=moment_url("postmortems:list", slug, period, now))


@measure(
    "postmortems.overdue",
    title="Late postmortems",
    unit="postmortems",
    better="lower",
    target=0,
    fold=Fold.LAST,
    method="Postmortems not published 48 hours after the incident was resolved, at the end of the period or now.",
    boards=("executive",),
)
def overdue(period: Period) -> Reading:
    return _moment("postmortems.overdue", late_drafts, period)


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
    past = period.until(clock.now())
    rows = required_due(past)
    total = rows.count()
    done = rows.filter(published_at__lte=F("due_at")).count()
    value = 100 * done / total if total else None
    said = f"{done} of {total}" if total else "None fell due."
    url = span_url("postmortems:list", "postmortems.in_time", past)
    return Reading(value, n=total, evidence_url=url, detail=said)


@measure(
    "actions.open",
    title="Open actions",
    unit="actions",
    better="lower",
    fold=Fold.LAST,
    method="Actions from postmortems that were not done at the end of the period, or are not now.",
)
def actions_open(period: Period) -> Reading:
    return _moment("actions.open", actions_open_at, period)


@measure(
    "actions.overdue",
    title="Late actions",
    unit="actions",
    better="lower",
    target=0,
    limit=2,
    fold=Fold.LAST,
    method="Open actions from postmortems whose day had passed (in the team's zone) at the end of the period, or has now.",
    boards=("executive",),
)
def actions_overdue(period: Period) -> Reading:
    return _moment("actions.overdue", late_actions, period)


@measure(
    "actions.kept",
    title="Actions done when due",
    unit="%",
    target=90,
    limit=60,
    fold=Fold.POOLED,
    method="Of the actions from postmortems whose day was over in the period, those done before that day was over, in the team's zone.",
)
def actions_kept(period: Period) -> Reading:
    past = period.until(clock.now())
    due, zone = list(actions_due(past)), team_zone()
    total, done = len(due), sum(was_kept(action, zone) for action in due)
    url, said = span_url("postmortems:list", "actions.kept", past), f"{done} of {total}"
    return Reading(
        100 * done / total if total else None,
        n=total,
        evidence_url=url,
        detail=said if total else "None was due.",
    )
