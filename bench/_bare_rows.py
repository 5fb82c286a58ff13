"""`python -m bench._bare_rows pings|samples ROWS`: rows a second by bare INSERT into the console's own tables, so many a commit.

On SQLite each commit reaches the disk, as the console's own do.
"""

import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import django
from django.db import connection, transaction

from bench._bare import rate

django.setup()
PINGS = (
    "INSERT INTO heartbeats_ping (heartbeat_id, at, kind, exit_status, rid, body, ua, ip, method, query, folded)"
    " VALUES (%s, %s, 'success', NULL, %s, '', 'curl/8', '127.0.0.1', 'GET', '', %s)"
)
SAMPLES = (
    "INSERT INTO metrics_bucket (series_id, size, start, n, total, low, high, first, first_at, last, last_at, histogram, seen)"
    " VALUES (%s, 60, %s, 1, 1, 1, 1, 1, 0, 1, 0, '', %s)"
    " ON CONFLICT (series_id, size, start) DO UPDATE SET n = excluded.n, total = excluded.total, last = excluded.last"
)
Rows = Callable[[], list[tuple[object, ...]]]


def pings(rows: int) -> Rows:
    """Of the jobs that the caller has made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM heartbeats_heartbeat ORDER BY id")
        jobs = [row[0] for row in cursor.fetchall()]
    now, rid = datetime.now(UTC), uuid.uuid4().hex
    number = count()
    return lambda: [(jobs[next(number) % len(jobs)], now, rid, False) for _ in range(rows)]


def samples(rows: int) -> Rows:
    """A batch of one sample each of so many series, three times in each minute."""
    number = count()
    return lambda: [(series, next(number) // rows // 3 * 60, b"") for series in range(rows)]


def main(table: str, rows: int) -> float:
    statement, make = (PINGS, pings(rows)) if table == "pings" else (SAMPLES, samples(rows))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=FULL" if table == "pings" else "PRAGMA foreign_keys=OFF")
        return rows * rate(lambda: _commit(cursor.executemany, statement, make()))


def _commit(run: Callable[..., object], statement: str, rows: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        run(statement, rows)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
