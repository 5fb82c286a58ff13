# ruff: noqa: S608 — statements are put together from integers
"""Forget minutes and hours that are past their time, and what is left of series that were removed; days are kept for ever."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from monitoring.metrics.models import Series, Size, Stale
from monitoring.metrics.stores import writing
from opsconsole.lib import clock

_CHUNK = 50  # series in one transaction
_FOLDED = (
    " AND NOT EXISTS (SELECT 1 FROM metrics_stale s WHERE s.series_id = metrics_bucket.series_id"
    f" AND s.start = metrics_bucket.start - metrics_bucket.start % {int(Size.HOUR)})"
)


def prune(now: datetime) -> int:
    """How many buckets went. An hour that is not folded yet keeps its minutes."""
    gone = 0
    for size, days in (
        (Size.MINUTE, settings.OPSCONSOLE_METRIC_MINUTES),
        (Size.HOUR, settings.OPSCONSOLE_METRIC_HOURS),
    ):
        cutoff = clock.epoch(now - timedelta(days=days))
        cutoff -= cutoff % Size.HOUR  # never part of an hour: it may be made anew
        for ids in _chunks():
            gone += _delete(f"series_id IN ({ids}) AND size = {int(size)} AND start < {cutoff}{_FOLDED}")
    return gone + _orphans()


def _chunks() -> Iterator[str]:
    ids = list(Series.objects.order_by("pk").values_list("pk", flat=True))
    for i in range(0, len(ids), _CHUNK):
        yield ", ".join(map(str, ids[i : i + _CHUNK]))


def _delete(where: str) -> int:
    with writing(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM metrics_bucket WHERE {where}")
        return max(0, int(cursor.rowcount))


def _orphans() -> int:
    """Buckets of series that are no more. Their ids are found by skipping along the key."""
    known, gone, last = set(Series.objects.values_list("pk", flat=True)), 0, -1
    while (found := _next(last)) is not None:
        last = found
        if found not in known:
            gone += _delete(f"series_id = {found}")
            Stale.objects.filter(series_id=found).delete()
    return gone


def _next(after: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(series_id) FROM metrics_bucket WHERE series_id > {after}")
        row = cursor.fetchone()
    return row[0] if row else None
