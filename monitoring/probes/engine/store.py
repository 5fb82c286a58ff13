# ruff: noqa: S608 — only names of columns are put into statements; every value is bound
"""The engine's SQL. Hot, so it is written by hand for both databases: whole batches in one statement each, no ORM."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from monitoring.probes.engine.plans import Plans
from monitoring.probes.engine.runs import COLUMNS, Run, from_row
from monitoring.probes.engine.tally import ADDED, Folded
from monitoring.probes.engine.tally import COLUMNS as BUCKET
from monitoring.probes.models import Size

MARGIN = 8_000  # milliseconds a lease outlives its time-out: to be started, judged and written
LATE = 5_000  # what is overdue by less starts at once, the rest is spread
OFTEN = 600  # seconds; who is asked more seldom than this is asked for nobody else's sake
FAR = 3_600_000  # a lease further ahead than this was made by a clock that is set back now
_HERE = "NOT EXISTS (SELECT 1 FROM probes_sighting s WHERE s.probe_id = probes_probe.id)"  # no region asks it
Row = Sequence[Any]

_STATE = (
    "status", "status_since", "last_outcome", "streak", "streak_since", "last_at", "settled_until", "last_ms", "last_code",
    "last_error", "certificate_expires_at", "certificate_seen_at",
)  # fmt: skip
_RUN = ("due", "at", "next", "id", "lease")
_ID = -2  # where the id is in such a row, with the lease behind it
_CONFIRMED_TYPES = (
    "text", "bigint", "text", "integer", "bigint", "bigint", "bigint", "integer", "smallint",
    "text", "bigint", "bigint", *("bigint",) * len(_RUN),
)  # fmt: skip
_NEXT = "CASE WHEN next_at <> {due} AND next_at > {at} THEN next_at ELSE {next} END"
_RESULT = ("probe_id", "at", "outcome", "ms", "code")
_RESULT_TYPES = ("bigint", "bigint", "smallint", "integer", "smallint")
_BUCKET_TYPES = (
    "bigint",
    "integer",
    "bigint",
    *("bigint",) * 5,
    "integer",
    "integer",
    *("bigint",) * 5,
    "text",
)

_UPSERT = (
    f" ON CONFLICT (probe_id, size, start) DO UPDATE SET {ADDED}, histogram ="
    " CASE excluded.histogram WHEN '' THEN probes_bucket.histogram"
    " ELSE probes_bucket.histogram || ' ' || excluded.histogram END"
)


class Store:
    """What both databases have in common; the vendor's own follows below."""

    greatest, least = "GREATEST", "LEAST"
    locked = "FOR UPDATE SKIP LOCKED"
    shared = "FOR SHARE"

    def __init__(self) -> None:
        self.plans = Plans()

    def claim(self, *, now: int, horizon: int, limit: int) -> list[Run]:
        """Lease probes that are due before `horizon`, the longest due first. All times in milliseconds since 1970."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE probes_probe SET leased_until = {self.greatest}(next_at, %s) + timeout * 1000 + {MARGIN}"
                " WHERE id IN (SELECT id FROM probes_probe WHERE NOT is_paused AND next_at <= %s"
                f" AND (leased_until IS NULL OR leased_until <= %s OR leased_until > %s) ORDER BY next_at LIMIT %s {self.locked})"
                f" RETURNING {COLUMNS}",
                [now, horizon, now, now + FAR, limit],
            )
            return [from_row(row) for row in cursor.fetchall()]

    def release(self, runs: Collection[Run]) -> None:
        """Give leases back that led to nothing."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE probes_probe SET leased_until = NULL WHERE id = %s AND leased_until = %s",
                [(run.probe_id, run.lease) for run in runs],
            )

    def anchor(self, now: int) -> int:
        """After a start or a jump of the clock: spread what is overdue or was planned by another clock over one interval
        (a minute at the most), and end leases that no run can still hold. Returns how many were moved."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE probes_probe SET leased_until = NULL WHERE leased_until > %s + timeout * 1000",
                [now + 2 * MARGIN],
            )
            cursor.execute(
                f"UPDATE probes_probe SET next_at = %s + id * 2654435769 %% 4294967296 * {self.least}(interval * 1000, 60000)"
                " / 4294967296 WHERE NOT is_paused AND (leased_until IS NULL OR leased_until <= %s)"
                " AND (next_at IS NULL OR next_at < %s OR next_at > %s + interval * 1000)",
                [now, now, now - LATE, now],
            )
            return int(cursor.rowcount)

    def disown(self) -> None:
        """At the start: where there can be only one engine, leases are those of a dead one."""

    def hasten(self, now: int, limit: int) -> None:
        """Ask some others now, because something could not be reached and it may be us."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE probes_probe SET next_at = %s WHERE id IN (SELECT id FROM probes_probe WHERE NOT is_paused"
                f" AND leased_until IS NULL AND next_at > %s AND interval <= %s AND {_HERE} ORDER BY next_at DESC LIMIT %s {self.locked})",
                [now, now, OFTEN, limit],
            )

    def folded(self) -> Folded:
        """How far buckets are folded; holds the fold still until this transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT size, until, zone FROM probes_fold ORDER BY size {self.shared}")
            found = {size: (until * 1000, zone) for size, until, zone in cursor.fetchall()}
        hours, zone = found.get(Size.DAY, (0, ""))
        return Folded(found.get(Size.HOUR, (0, ""))[0], hours, zone or "UTC")

    def confirm(self, states: Sequence[Row]) -> set[int]:
        """Write new states, (*_STATE, *_RUN) each, and end the leases; returns the ids of those whose lease still stood.

        `next` is when to run again. Where somebody wanted to know after the run had begun, the probe stays due as it is.
        """
        raise NotImplementedError

    def add_results(self, rows: Sequence[Row]) -> None:
        raise NotImplementedError

    def add_buckets(self, rows: Sequence[Row]) -> None:
        raise NotImplementedError


class SqliteStore(Store):
    greatest, least = "MAX", "MIN"
    locked = ""
    shared = ""
    _held = "SELECT id, leased_until FROM probes_probe WHERE id IN (SELECT value FROM json_each(%s))"
    _confirm = (
        f"UPDATE probes_probe SET {', '.join(f'{name} = %s' for name in _STATE)},"
        f" next_at = {_NEXT.format(due='%s', at='%s', next='%s')}, leased_until = NULL WHERE id = %s AND leased_until = %s"
    )
    _results = f"INSERT OR IGNORE INTO probes_result ({', '.join(_RESULT)}) VALUES (%s, %s, %s, %s, %s)"
    _buckets = (
        f"INSERT INTO probes_bucket ({', '.join(BUCKET)}) VALUES ({', '.join(['%s'] * len(BUCKET))}){_UPSERT}"
    )

    def disown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE probes_probe SET leased_until = NULL WHERE leased_until IS NOT NULL")

    def confirm(self, states: Sequence[Row]) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(self._held, [json.dumps([state[_ID] for state in states])])
            leases = set(cursor.fetchall())
        held = [state for state in states if state[_ID:] in leases]
        many(self._confirm, held)
        return {state[_ID] for state in held}

    def add_results(self, rows: Sequence[Row]) -> None:
        many(self._results, rows)

    def add_buckets(self, rows: Sequence[Row]) -> None:
        many(self._buckets, rows)


class PostgresStore(Store):
    _confirm = (
        f"UPDATE probes_probe SET {', '.join(f'{name} = v.{name}' for name in _STATE)},"
        f" next_at = {_NEXT.format(due='v.due', at='v.at', next='v.next')}, leased_until = NULL"
        f" FROM {{unnest}} AS v({', '.join((*_STATE, *_RUN))})"
        " WHERE probes_probe.id = v.id AND leased_until = v.lease RETURNING v.id"
    )

    def confirm(self, states: Sequence[Row]) -> set[int]:
        return {one for (one,) in _unnested(self._confirm, _CONFIRMED_TYPES, states)}

    def add_results(self, rows: Sequence[Row]) -> None:
        insert = f"INSERT INTO probes_result ({', '.join(_RESULT)}) SELECT * FROM {{unnest}} ON CONFLICT DO NOTHING"
        _unnested(insert, _RESULT_TYPES, rows)

    def add_buckets(self, rows: Sequence[Row]) -> None:
        insert = f"INSERT INTO probes_bucket ({', '.join(BUCKET)}) SELECT * FROM {{unnest}} AS v({', '.join(BUCKET)}){_UPSERT}"
        _unnested(insert, _BUCKET_TYPES, rows)


def many(statement: str, rows: Sequence[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _unnested(statement: str, types: Sequence[str], rows: Sequence[Row]) -> list[Any]:
    """One statement for all rows, its columns given as arrays; what it returns."""
    if not rows:
        return []
    unnest = f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(unnest=unnest), [_array(column) for column in zip(*rows, strict=True)]
        )
        return cursor.fetchall() if cursor.description else []


def _array(column: Sequence[Any]) -> str:
    """A column as PostgreSQL writes arrays: the driver takes several times as long over a list."""
    return f"{{{','.join(map(_element, column))}}}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def store() -> Store:
    return PostgresStore() if connection.vendor == "postgresql" else SqliteStore()
