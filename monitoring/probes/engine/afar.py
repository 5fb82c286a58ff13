# ruff: noqa: S608 — only names of columns are put into statements; every value is bound
"""A region's side of the engine's SQL: the same as store.py, but of sightings, and of one region's alone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db import connection, transaction

from monitoring.probes.engine.runs import Run, from_row
from monitoring.probes.engine.store import FAR, LATE, MARGIN, OFTEN, Row, Store, many, store

_CLAIMED = (
    "id, probe_id, status, status_since, last_outcome, streak, streak_since, last_at, settled_until, last_error,"
    " next_at, leased_until"
)
_ASKED = ("id", "service_id", "name", "revision", "interval", "retry_interval", "timeout", "failure_threshold",
          "recovery_threshold", "certificate_expires_at", "certificate_seen_at")  # fmt: skip
_STATE = ("status", "status_since", "last_outcome", "streak", "streak_since", "last_at", "settled_until", "last_ms",
          "last_code", "last_error")  # fmt: skip
_HOUR = ("up", "degraded", "down", "unknown", "answers", "latency", "runs", "failures")
_OF_PROBE = "(SELECT {} FROM probes_probe p WHERE p.id = probe_id)"
_TIMEOUT, _INTERVAL = _OF_PROBE.format("timeout"), _OF_PROBE.format('"interval"')


@dataclass(slots=True)
class Sight(Run):
    """A run from a region. Its standing is what the region knows, its id that of the sighting."""

    sighting_id: int = 0


class AfarStore:
    """`claim`, `confirm` and what else an engine asks of a Store."""

    def __init__(self, region: str, home: Store | None = None) -> None:
        self.region, self.home = region, home or store()

    def claim(self, *, now: int, horizon: int, limit: int) -> list[Sight]:
        """As Store.claim. What is paused has no due time."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE probes_sighting SET leased_until = {self.home.greatest}(next_at, %s) + {MARGIN} + {_TIMEOUT} * 1000"
                " WHERE id IN (SELECT id FROM probes_sighting WHERE region_id = %s AND next_at <= %s"
                " AND (leased_until IS NULL OR leased_until <= %s OR leased_until > %s)"
                f" ORDER BY next_at LIMIT %s {self.home.locked}) RETURNING {_CLAIMED}",
                [now, self.region, horizon, now, now + FAR, limit],
            )
            claimed = cursor.fetchall()
        probes = _asked({row[1] for row in claimed})
        return [_sight(row, probes[row[1]]) for row in claimed if row[1] in probes]

    def release(self, runs: Collection[Run]) -> None:
        many(
            "UPDATE probes_sighting SET leased_until = NULL WHERE id = %s AND leased_until = %s",
            [(run.sighting_id, run.lease) for run in runs if isinstance(run, Sight)],
        )

    def anchor(self, now: int) -> int:
        """As Store.anchor."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE probes_sighting SET leased_until = NULL WHERE region_id = %s AND leased_until > %s + {_TIMEOUT} * 1000",
                [self.region, now + 2 * MARGIN],
            )
            cursor.execute(
                "UPDATE probes_sighting SET next_at = %s + probe_id * 2654435769 %% 4294967296"
                f" * {self.home.least}({_INTERVAL} * 1000, 60000) / 4294967296 WHERE region_id = %s"
                " AND (leased_until IS NULL OR leased_until <= %s)"
                f" AND (next_at < %s OR next_at > %s + {_INTERVAL} * 1000)",
                [now, self.region, now, now - LATE, now],
            )
            return int(cursor.rowcount)

    def disown(self) -> None:
        """Another worker of this region may be at work: leases run out by themselves."""

    def hasten(self, now: int, limit: int) -> None:
        """As Store.hasten."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE probes_sighting SET next_at = %s WHERE id IN (SELECT id FROM probes_sighting WHERE region_id = %s"
                f" AND leased_until IS NULL AND next_at > %s AND {_INTERVAL} <= %s ORDER BY next_at DESC LIMIT %s {self.home.locked})",
                [now, self.region, now, OFTEN, limit],
            )

    def confirm(self, states: Sequence[Row]) -> set[int]:
        """Write new states, (*_STATE, due, at, next, id, lease) each, and end the leases; returns the ids whose lease still stood."""
        lock = "FOR UPDATE" if self.home.locked else ""
        ids = sorted(state[-2] for state in states)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, leased_until FROM probes_sighting WHERE id IN ({', '.join(['%s'] * len(ids))}) ORDER BY id {lock}",
                ids,
            )
            leases = set(cursor.fetchall())
        held = [state for state in states if tuple(state[-2:]) in leases]
        many(
            f"UPDATE probes_sighting SET {', '.join(f'{name} = %s' for name in _STATE)}, leased_until = NULL,"
            " next_at = CASE WHEN next_at <> %s AND next_at > %s THEN next_at ELSE %s END WHERE id = %s AND leased_until = %s",
            held,
        )
        return {state[-2] for state in held}

    def add_results(self, rows: Sequence[Row]) -> None:
        many(
            "INSERT INTO probes_sightingresult (sighting_id, at, outcome, ms, code) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            rows,
        )

    def add_hours(self, rows: Sequence[Row]) -> None:
        """(sighting, start, *_HOUR, histogram) each."""
        added = ", ".join(f"{name} = probes_sightinghour.{name} + excluded.{name}" for name in _HOUR)
        many(
            f"INSERT INTO probes_sightinghour (sighting_id, start, {', '.join(_HOUR)}, histogram)"
            f" VALUES (%s, %s, {', '.join(['%s'] * len(_HOUR))}, %s) ON CONFLICT (sighting_id, start) DO UPDATE SET {added},"
            " histogram = probes_sightinghour.histogram || ' ' || excluded.histogram",
            sorted(rows, key=itemgetter(0, 1)),
        )

    @transaction.atomic
    def read_certificates(self, rows: Iterable[Row]) -> None:
        """(expires, seen, probe) each: it is the same one wherever it is read from."""
        many(
            "UPDATE probes_probe SET certificate_expires_at = %s, certificate_seen_at = %s WHERE id = %s",
            sorted(rows, key=itemgetter(2)),
        )

    def ring(self, probes: Collection[int], now: int) -> None:
        """Something has changed here: have the votes counted now."""
        _hasten("probes_probe", "id", probes, "NOT is_paused", now)

    def ask_others(self, probes: Collection[int], now: int) -> None:
        """It is not well from here: the other regions are to look at once, and not in their own time."""
        others = f"region_id <> %s AND leased_until IS NULL AND {_INTERVAL} <= {OFTEN}"
        _hasten("probes_sighting", "probe_id", probes, others, now, self.region)


def _hasten(table: str, key: str, probes: Collection[int], condition: str, now: int, *bound: str) -> None:
    """Lost in the worst case, which costs time; locked in the order of ids, so that nobody waits in a circle.

    `bound` are the values of the condition.
    """
    if not probes:
        return
    lock = "FOR UPDATE" if store().locked else ""
    listed = ", ".join(str(int(one)) for one in probes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next_at = %s WHERE id IN (SELECT id FROM {table} WHERE {key} IN ({listed})"
            f" AND next_at > %s AND {condition} ORDER BY id {lock})",
            [now, now, *bound],
        )


def _asked(ids: Collection[int]) -> dict[int, Row]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(connection.ops.quote_name(name) for name in _ASKED)} FROM probes_probe"
            f" WHERE id IN ({', '.join(map(str, sorted(ids)))})"
        )
        return {row[0]: row for row in cursor.fetchall()}


def _sight(seen: Row, probe: Row) -> Sight:
    row = (*probe[:9], *seen[2:10], *probe[9:], *seen[10:])
    sight = from_row(row, Sight)
    sight.sighting_id = seen[0]
    return sight
