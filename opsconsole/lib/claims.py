"""Claim, work, confirm: rows are the queue, and a lease says who is at work.

A sweep claims a batch of due rows, does the work outside any transaction, then confirms. A process that dies leaves a lease
that runs out; the next sweep takes the row again. So work is done at least once, never lost.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import Q, QuerySet

M = TypeVar("M", bound=models.Model)


def free(now: datetime, longest: timedelta = timedelta(hours=1)) -> Q:
    """Rows whose lease is absent, over, or so far ahead that only a clock set back explains it."""
    return Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + longest)


def claim(due: QuerySet[M], *, now: datetime, lease: timedelta, limit: int) -> list[M]:
    """Lease up to `limit` rows of `due` to the caller, each row to one caller only.

    On PostgreSQL rows locked by others are skipped; on SQLite the transaction itself admits one writer at a time, so it is
    looked first whether there is anything to claim.
    The rows come back with `leased_until` set: hand that value to `held` when confirming.
    """
    until, wanted = now + lease, due.filter(free(now))
    if not wanted.exists():
        return []
    with transaction.atomic():
        rows = list(wanted.select_for_update(skip_locked=True, of=("self",))[:limit])
        due.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(leased_until=until)
    for row in rows:
        row.leased_until = until  # type: ignore[attr-defined]
    return rows


def held(row: M) -> QuerySet[M]:
    """The row, if the caller's lease on it still stands: update through this, and look at the count."""
    lease = row.leased_until  # type: ignore[attr-defined]
    return type(row)._default_manager.filter(pk=row.pk, leased_until=lease)
