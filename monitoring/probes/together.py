# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""What pages read of many probes at once, added up in advance: services by day, and all probes together by hour.

Both always say what the buckets say. Whoever changes a bucket of an hour or a day that is folded already, or which probes a
service has, brings them up to date in the same transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from monitoring.probes.models import Bucket, Hour, ServiceDay, Size
from opsconsole.lib import histograms
from opsconsole.lib.histograms import Histogram

LATEST = 2**40  # seconds since 1970, beyond all times
NUMBERS = ("measured", "unknown", "runs", "failures")
_OF_BUCKET = ("b.up + b.degraded + b.down", "b.unknown", "b.runs", "b.failures")
Row = Sequence[Any]


def day_add(start: int) -> None:
    """A day that was just folded."""
    _days(f"b.start = {int(start)}")


def service_days_make(service_ids: Collection[int]) -> None:
    """All days of services anew: a probe came or went."""
    ServiceDay.objects.filter(service_id__in=service_ids).delete()
    _days(f"p.service_id IN ({_listed(service_ids)})")


def service_days_again(service_id: int, starts: Collection[int]) -> None:
    """Some days of a service anew: time of theirs counts otherwise."""
    ServiceDay.objects.filter(service_id=service_id, start__in=starts).delete()
    _days(f"p.service_id = {int(service_id)} AND b.start IN ({_listed(starts)})")


def hour_move(start: int, measured: int, unknown: int) -> None:
    """So much more of an hour of all probes was measured, or not known, than was added up so far; milliseconds, below zero for less."""
    Hour.objects.filter(start=start).update(measured=F("measured") + measured, unknown=F("unknown") + unknown)


def hour_answers_move(start: int, more: Sequence[int], less: Histogram, plus: Histogram) -> None:
    """So many more runs and failures, these answers less and those instead of them."""
    runs, failures = more
    for row in Hour.objects.select_for_update().filter(start=start):
        row.runs, row.failures = max(0, row.runs + runs), max(0, row.failures + failures)
        row.histogram = histograms.encode(histograms.decode(row.histogram) + plus - less)
        row.save(update_fields=["runs", "failures", "histogram"])


def minutes_add(start: int, end: int) -> None:
    """Minutes in [start, end), which are being folded into hours."""
    _hours("b.start - b.start % 3600", f"b.size = 60 AND b.start >= {int(start)} AND b.start < {int(end)}")


def late_add(rows: Iterable[Row]) -> None:
    """Rows as they were just added to the buckets, in the order of their columns: what went beside the minutes goes on here."""
    late = [row for row in rows if row[1] != Size.MINUTE]
    if days := [row for row in late if row[1] == Size.DAY]:
        probes, starts = {row[0] for row in days}, {row[2] for row in days}
        _days(f"p.id IN ({_listed(probes)}) AND b.start IN ({_listed(starts)})")
    if hours := [row for row in late if row[1] == Size.HOUR]:
        _append([(row[2], sum(row[3:6]), row[6], row[8], row[9], row[-1]) for row in hours])


def hour_compact(start: int) -> None:
    """Write the histogram of an hour that has ended short; whatever was added meanwhile leaves it as it is."""
    for text in Hour.objects.filter(start=start).values_list("histogram", flat=True):
        Hour.objects.filter(start=start, histogram=text).update(histogram=_short(text))


@transaction.atomic
def hours_forget(probe_id: int, limit: int = 200) -> int:
    """Delete the oldest hours of a probe that is gone, and take them out of those of all; returns how many went."""
    hours = Bucket.objects.filter(probe_id=probe_id, size=Size.HOUR).order_by("start")
    gone = {hour.start: hour for hour in hours[:limit]}
    for row in Hour.objects.select_for_update().filter(start__in=gone):
        _take(row, gone[row.start])
        row.save()
    hours.filter(start__in=gone).delete()
    return len(gone)


def make(start: int = 0, end: int = LATEST) -> None:
    """Everything within [start, end) anew from the buckets, where those were written by other means."""
    ServiceDay.objects.filter(start__gte=start, start__lt=end).delete()
    Hour.objects.filter(start__gte=start, start__lt=end).delete()
    span = f"b.start >= {int(start)} AND b.start < {int(end)}"
    _days(span)
    _hours("b.start", f"b.size = 3600 AND {span}")


def _take(row: Hour, gone: Bucket) -> None:
    row.measured = max(0, row.measured - gone.up - gone.degraded - gone.down)
    for name in ("unknown", "runs", "failures"):
        setattr(row, name, max(0, getattr(row, name) - getattr(gone, name)))
    row.histogram = histograms.encode(histograms.decode(row.histogram) - histograms.decode(gone.histogram))


def _days(condition: str) -> None:
    """Time only ever grows and the longest counts, so that it does no harm to add a day twice, or two at once."""
    most = "GREATEST" if connection.vendor == "postgresql" else "MAX"
    kept = ", ".join(
        f"{name} = {most}(probes_serviceday.{name}, excluded.{name})"
        for name in ("measured", "slow", "down", "maintenance")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO probes_serviceday (service_id, start, measured, slow, down, maintenance)"
            " SELECT p.service_id, b.start, MAX(b.up + b.degraded + b.down), MAX(b.degraded), MAX(b.down), MAX(b.maintenance)"
            " FROM probes_probe p CROSS JOIN probes_bucket b"
            f" WHERE b.probe_id = p.id AND b.size = 86400 AND {condition}"
            f" GROUP BY 1, 2 ORDER BY 1, 2 ON CONFLICT (service_id, start) DO UPDATE SET {kept}"
        )


def _hours(hour: str, condition: str) -> None:
    """Add up buckets of all probes; `hour` is the expression of the hour that each belongs to."""
    sums = ", ".join(f"SUM({name})" for name in _OF_BUCKET)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {hour}, {sums}, {joined('b.histogram')} FROM probes_probe p CROSS JOIN probes_bucket b"
            f" WHERE b.probe_id = p.id AND {condition} GROUP BY 1 ORDER BY 1"
        )
        _append([(*row[:-1], _short(row[-1] or "")) for row in cursor.fetchall()])


def _append(hours: list[tuple[Any, ...]]) -> None:
    added = ", ".join(f"{name} = probes_hour.{name} + excluded.{name}" for name in NUMBERS)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO probes_hour (start, {', '.join(NUMBERS)}, histogram) VALUES (%s, %s, %s, %s, %s, %s)"
            f" ON CONFLICT (start) DO UPDATE SET {added},"
            " histogram = probes_hour.histogram || ' ' || excluded.histogram",
            sorted(hours),
        )


def joined(column: str) -> str:
    """Histograms of several rows in one text, as an expression of SQL."""
    join = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    return f"{join}({column}, ' ')"


def _short(text: str) -> str:
    return histograms.encode(histograms.decode(text))


def _listed(ids: Collection[int]) -> str:
    return ", ".join(str(int(one)) for one in sorted(ids)) or "0"
