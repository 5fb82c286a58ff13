# ruff: noqa: S608 — statements are put together from names of tables and from integers
"""Forget what is old, in small transactions, so that nobody waits: PostgreSQL drops whole days of raw results."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from monitoring.probes.afar import trials_forget
from monitoring.probes.models import Failure, Fold, Probe, Sighting, Size
from monitoring.probes.together import hours_forget
from opsconsole.lib import clock
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.moments import to_ms

RAW = timedelta(days=30)
KEPT = {Size.MINUTE: timedelta(days=2), Size.HOUR: timedelta(days=400)}  # days are kept for ever
AHEAD = 3  # days of partitions made in advance
_CHUNK = 20  # probes at a time
_BACK = 7 * 86_400  # seconds; what regions found earlier was looked at before
_SPAN = timedelta(hours=6)  # of raw results of a chunk, in one transaction


def prune(now: datetime) -> int:
    """Everything that is past its time; returns how many rows went (a dropped day counts as one)."""
    return sum(
        [
            _partitions(now),
            _results(now),
            _buckets(now),
            _failures(now),
            _orphans(),
            _of_regions(now),
            trials_forget(now),
        ]
    )


def _chunks() -> Iterator[str]:
    ids = list(Probe.objects.order_by("id").values_list("id", flat=True))
    for i in range(0, len(ids), _CHUNK):
        yield ", ".join(map(str, ids[i : i + _CHUNK]))


def _run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return max(0, int(cursor.rowcount))


def _value(sql: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def _results(now: datetime) -> int:
    """Partitions carry off most of it in PostgreSQL; what fell beside them goes here."""
    table = "probes_result_other" if connection.vendor == "postgresql" else "probes_result"
    cutoff, span, gone = to_ms(now - RAW), int(_SPAN.total_seconds() * 1000), 0
    for ids in _chunks():
        mine = f"FROM {table} WHERE probe_id IN ({ids}) AND at <"
        while (oldest := _value(f"SELECT MIN(at) {mine} {cutoff}")) is not None:
            gone += _run(f"DELETE {mine} {min(cutoff, oldest + span)}")
    return gone


def _buckets(now: datetime) -> int:
    """Minutes and hours that are folded into larger ones and old enough."""
    folded = dict(Fold.objects.values_list("size", "until"))
    gone = 0
    for size, larger in ((Size.MINUTE, Size.HOUR), (Size.HOUR, Size.DAY)):
        cutoff = min(clock.epoch(now - KEPT[size]), folded.get(larger, 0))
        for ids in _chunks():
            gone += _run(
                f"DELETE FROM probes_bucket WHERE probe_id IN ({ids}) AND size = {int(size)} AND start < {cutoff}"
            )
    return gone


def _failures(now: datetime) -> int:
    return delete_in_batches(Failure.objects.filter(at__lt=now - RAW).order_by("at"), size=500)


def _of_regions(now: datetime) -> int:
    """What single regions found: as long as the same of all together."""
    ids, gone = list(Sighting.objects.order_by("id").values_list("id", flat=True)), 0
    oldest = {
        "probes_sightingresult": f"at < {to_ms(now - RAW)}",
        "probes_sightinghour": f"start < {clock.epoch(now - KEPT[Size.HOUR])}",
    }
    late = clock.epoch(now - KEPT[Size.MINUTE])
    for pk in ids:
        _run(
            f"UPDATE probes_sightinghour SET histogram = '' WHERE sighting_id = {pk} AND start < {late}"
            f" AND start >= {late - _BACK} AND histogram <> ''"
        )
    for table, old in oldest.items():
        gone += sum(_run(f"DELETE FROM {table} WHERE sighting_id = {pk} AND {old}") for pk in ids)
        gone += _strays(table, "sighting_id", set(ids))
    return gone


def _orphans() -> int:
    """Results and buckets of probes that were deleted."""
    known = set(Probe.objects.values_list("id", flat=True))
    return sum(_strays(table, "probe_id", known) for table in ("probes_result", "probes_bucket"))


def _strays(table: str, key: str, known: Collection[int]) -> int:
    """Rows of what is gone. Its ids are found by skipping along the key."""
    last, gone = -1, 0
    while (found := _value(f"SELECT MIN({key}) FROM {table} WHERE {key} > {last}")) is not None:
        last = found
        if found not in known:
            gone += _forget(table, key, found)
    return gone


def _forget(table: str, key: str, found: int) -> int:
    gone = 0
    while table == "probes_bucket" and (hours := hours_forget(found)):
        gone += hours
    return gone + _run(f"DELETE FROM {table} WHERE {key} = {found}")


def _partitions(now: datetime) -> int:
    """Make the days ahead and drop the old ones (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return 0
    partitions_ensure(now - timedelta(days=1), now + timedelta(days=AHEAD))
    keep, gone = partition_of(now - RAW - timedelta(days=1)), 0
    for name in partitions():
        if name < keep:
            _run(f"DROP TABLE {name}")
            gone += 1
    return gone


def partition_of(moment: datetime) -> str:
    return f"probes_result_d{moment.astimezone(UTC):%Y%m%d}"


def partitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'probes_result'::regclass AND c.relname ~ '_d[0-9]{8}$' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def partitions_ensure(first: datetime, last: datetime) -> int:
    """Make the partitions of raw results from one day to another (UTC), moving what fell beside them. Elsewhere nothing."""
    if connection.vendor != "postgresql":
        return 0
    known, made = set(partitions()), 0
    day = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= last:
        if partition_of(day) not in known:
            _make(partition_of(day), to_ms(day), to_ms(day + timedelta(days=1)))
            made += 1
        day += timedelta(days=1)
    return made


@transaction.atomic
def _make(name: str, start: int, end: int) -> None:
    _run(f"CREATE TABLE {name} (LIKE probes_result INCLUDING ALL)")
    _run(
        f"WITH moved AS (DELETE FROM probes_result_other WHERE at >= {start} AND at < {end} RETURNING *)"
        f" INSERT INTO {name} SELECT * FROM moved"
    )
    _run(f"ALTER TABLE probes_result ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})")
