"""Errors of a tracker: written as it tells of them, in any order, and read for their page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from monitoring.inbound.models import ErrorIssue, Integration
from monitoring.inbound.parcels import Issue
from monitoring.inbound.wording import text
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.ids import id_of

KEPT_FOR = timedelta(days=400)
SIZE = 50
_TEXTS = {
    "name": 60,
    "title": 300,
    "place": 300,
    "level": 20,
    "status": 20,
    "project": 100,
    "release": 100,
    "url": 500,
    "replay": 500,
}


@transaction.atomic
def issue_take(*, integration: Integration, issue: Issue, at: datetime) -> ErrorIssue:
    """What a delivery of the moment `at` tells. An older one adds what is missing and changes nothing."""
    first, last = issue.first_at or issue.last_at or at, issue.last_at or issue.first_at or at
    start = {"title": text(issue.title, 300), "first_at": first, "last_at": last, "told_at": at}
    rows = ErrorIssue.objects.select_for_update()
    row, _ = rows.get_or_create(integration=integration, key=text(issue.key, 64), defaults=start)
    for name, longest in _TEXTS.items():
        if (said := text(getattr(issue, name), longest)) and (at >= row.told_at or not getattr(row, name)):
            setattr(row, name, said)
    row.count, row.users = _most(row.count, issue.count), _most(row.users, issue.users)
    row.first_at, row.last_at = min(row.first_at, first), max(row.last_at, last)
    row.told_at = max(row.told_at, at)
    row.save()
    return row


def _most(one: int | None, other: int | None) -> int | None:
    return max((n for n in (one, other) if n is not None), default=None)


OPEN = ~Q(status__in=("resolved", "archived", "ignored"))


def issues(*, words: str = "", every: bool = False) -> QuerySet[ErrorIssue]:
    """Those that are not dealt with, or every one; the last that happened first."""
    rows = ErrorIssue.objects.select_related("integration")
    rows = rows if every else rows.filter(OPEN)
    found = (
        Q(title__icontains=words)
        | Q(place__icontains=words)
        | Q(project__icontains=words)
        | Q(name__iexact=words)
        | Q(release__icontains=words)
    )
    return rows.filter(found) if words else rows


@dataclass(frozen=True)
class Page:
    """`cursor` opens the next page; empty on the last."""

    rows: list[ErrorIssue]
    cursor: str


def page_of(rows: QuerySet[ErrorIssue], after: str | None = "") -> Page:
    """The last that happened, before the row whose id `after` is. One that is none is the first page."""
    last: Any = ErrorIssue.objects.filter(pk=id_of(after) or 0).first()
    if last:
        rows = rows.filter(Q(last_at__lt=last.last_at) | Q(last_at=last.last_at, pk__lt=last.pk))
    found = list(rows[: SIZE + 1])
    return Page(found[:SIZE], str(found[SIZE - 1].pk) if len(found) > SIZE else "")


def issues_prune(*, now: datetime) -> int:
    return delete_in_batches(ErrorIssue.objects.filter(last_at__lt=now - KEPT_FOR).order_by("pk"))
