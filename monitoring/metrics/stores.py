# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""Roll-ups in the database, read and written many at a time: through the ORM they would cost five times as much.

Whoever writes holds the lock of `writing()`: rolls are read, changed and written whole, which only one may do at a time.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

from monitoring.metrics.models import Size
from monitoring.metrics.rolls import NOTHING, Roll
from opsconsole.lib import histograms

Place = tuple[int, int]
"""A series' id, and where its bucket starts."""
Seen = frozenset[int]
Kept = tuple[Roll, Seen]

_FIELDS = ("n", "total", "low", "high", "first", "first_at", "last", "last_at", "histogram", "seen")
_COLUMNS = ", ".join(_FIELDS)
_LOCK = 0x6D657472  # “metr”: an advisory lock of PostgreSQL, given back at the end of the transaction
_ROWS = 500  # in one statement
NONE: Seen = frozenset()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that no other writer of rolls shares. SQLite admits one writer anyway."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield


def minutes_at(places: Iterable[Place]) -> dict[Place, Kept]:
    """Those of the minutes that are there."""
    by_start, by_series = defaultdict(list), defaultdict(list)
    for series, start in places:
        by_start[start].append(series)
        by_series[series].append(start)
    found: dict[Place, Kept] = {}
    if len(by_start) <= len(by_series):
        for start, ids in by_start.items():
            found |= _rows(
                f"series_id IN ({_list(ids)}) AND size = {int(Size.MINUTE)} AND start = {int(start)}"
            )
    else:
        for series, starts in by_series.items():
            found |= _rows(
                f"series_id = {int(series)} AND size = {int(Size.MINUTE)} AND start IN ({_list(starts)})"
            )
    return found


def between(ids: Iterable[int], size: Size, start: int, end: int) -> dict[Place, Kept]:
    """Buckets of series that start in [start, end), in the order of series and time."""
    return among([Part(tuple(ids), start, end)], size)


class Part(NamedTuple):
    """Several series, and a time [start, end) in seconds since 1970."""

    series: tuple[int, ...]
    start: int
    end: int


def among(parts: Iterable[Part], size: Size) -> dict[Place, Kept]:
    """Buckets of any of these parts, in the order of series and time; each part is read along the key."""
    wanted = [
        f"series_id IN ({_list(part.series)}) AND size = {int(size)}"
        f" AND start >= {int(part.start)} AND start < {int(part.end)}"
        for part in parts
        if part.series and part.start < part.end
    ]
    return _rows(*wanted, last=" ORDER BY series_id, start") if wanted else {}


def _rows(*wheres: str, last: str = "") -> dict[Place, Kept]:
    arms = (f"SELECT series_id, start, {_COLUMNS} FROM metrics_bucket WHERE {where}" for where in wheres)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms) + last)
        return {(row[0], row[1]): _kept(row[2:]) for row in cursor.fetchall()}


def _kept(row: tuple[Any, ...]) -> Kept:
    *numbers, text, seen = row
    roll = Roll._make((*numbers, histograms.decode(text) if text else NOTHING))
    return roll, frozenset(array("H", bytes(seen))) if seen else NONE


def _list(numbers: Iterable[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


def put(size: Size, rolls: Mapping[Place, Kept]) -> None:
    """Write buckets whole, in place of those that are there."""
    rows = [(series, int(size), start, *_row(kept)) for (series, start), kept in rolls.items()]
    update = ", ".join(f"{name} = excluded.{name}" for name in _FIELDS)
    for i in range(0, len(rows), _ROWS):
        part = rows[i : i + _ROWS]
        _insert(
            f"metrics_bucket (series_id, size, start, {_COLUMNS})",
            part,
            f"(series_id, size, start) DO UPDATE SET {update}",
        )


def _row(kept: Kept) -> tuple[Any, ...]:
    roll, seen = kept
    text = histograms.encode(roll.histogram) if roll.histogram else ""
    return *roll[:8], text, array("H", sorted(seen)).tobytes() if seen else b""


def stale_note(hours: Iterable[Place]) -> None:
    """Remember hours that must be folded, again if they were."""
    if rows := list(hours):
        _insert("metrics_stale (series_id, start)", rows, "(series_id, start) DO NOTHING")


def _insert(into: str, rows: list[tuple[Any, ...]], conflict: str) -> None:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    with connection.cursor() as cursor:
        if (
            connection.vendor == "sqlite"
        ):  # a statement with thousands of parameters takes longer to read than to run
            cursor.executemany(f"INSERT INTO {into} VALUES {one} ON CONFLICT {conflict}", rows)
        else:
            values = ", ".join([one] * len(rows))
            cursor.execute(
                f"INSERT INTO {into} VALUES {values} ON CONFLICT {conflict}", [v for row in rows for v in row]
            )
