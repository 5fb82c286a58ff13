"""Where pings are written: a plain connection of the writer's own, one statement for all that has gathered.

Going through the ORM would cost three times the CPU. The connection is made from the parameters of Django's.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from django.db import connections

PATIENCE = 2.0
"""Seconds to wait for another writer; the caller is told to come again after that."""


class Row(NamedTuple):
    """A ping in the order of its columns; `at` is UTC, `rid` 32 hex digits."""

    heartbeat_id: int
    at: datetime
    kind: str
    exit_status: int | None
    rid: str | None
    body: str
    ua: str
    ip: str
    method: str
    query: str = ""


class Gone(Exception):
    """A row names a heartbeat that is no longer there; nothing was written."""


_COLUMNS = ", ".join(Row._fields) + ", folded"
_MARKER = (
    "SELECT (SELECT max(id) FROM heartbeats_heartbeat),"
    " (SELECT changed_at FROM heartbeats_heartbeat ORDER BY changed_at DESC LIMIT 1),"
    " (SELECT ping_key FROM accounts_team LIMIT 1)"
)
_NAMES = "SELECT id, key, slug FROM heartbeats_heartbeat WHERE removed_at IS NULL"


class Store(Protocol):
    def query(self, sql: str) -> list[tuple[Any, ...]]: ...

    def insert(self, rows: Sequence[Row]) -> None:
        """Commit all of them or none. Raises Gone, or an error of the database."""

    def close(self) -> None: ...


def marker(store: Store) -> tuple[Any, ...]:
    """Changes whenever a heartbeat comes or goes. Its last part is the team's ping key."""
    return store.query(_MARKER)[0]


def names(store: Store) -> Iterable[tuple[int, str, str]]:
    """(id, key as hex, slug) of every heartbeat that is there."""
    return ((pk, getattr(key, "hex", key), slug) for pk, key, slug in store.query(_NAMES))


class SqliteStore:
    """Every commit reaches the disk before it is acknowledged (synchronous FULL); the group shares the wait."""

    _SQL = f"INSERT INTO heartbeats_ping ({_COLUMNS}) VALUES ({', '.join('?' * len(Row._fields))}, 0)"  # noqa: S608 — constants

    def __init__(self) -> None:
        django = connections["default"]
        self._db: sqlite3.Connection = django.get_new_connection(
            django.get_connection_params() | {"timeout": PATIENCE}
        )
        self._db.isolation_level = None
        self._db.execute("PRAGMA synchronous=FULL")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._db.execute(sql).fetchall()

    def insert(self, rows: Sequence[Row]) -> None:
        run = self._db.execute
        run("BEGIN IMMEDIATE")
        try:
            self._db.executemany(self._SQL, [(r[0], str(r[1].replace(tzinfo=None)), *r[2:]) for r in rows])
            run("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:  # a full disk has ended it already
                run("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise Gone from error
            raise

    def close(self) -> None:
        self._db.close()


class PostgresStore:
    """One statement in autocommit, its rows in one JSON parameter: one round trip, and half the CPU of an array a column."""

    _TYPES = ("bigint", "timestamptz", "text", "smallint", "uuid", "text", "text", "text", "text", "text")
    _SQL = (
        f"INSERT INTO heartbeats_ping ({_COLUMNS}) SELECT r.*, false FROM json_to_recordset(%s) AS r("  # noqa: S608 — constants
        + ", ".join(f"{name} {kind}" for name, kind in zip(Row._fields, _TYPES, strict=True))
        + ")"
    )

    def __init__(self) -> None:
        self._psycopg: Any = import_module("psycopg")  # 4 MB that the embedded console does without
        django = connections["default"]
        limit = f" -c statement_timeout={PATIENCE * 1000:.0f} -c lock_timeout={PATIENCE * 1000:.0f}"
        parameters = django.get_connection_params() | {"autocommit": True}
        parameters["options"] = parameters.get("options", "") + limit
        parameters["connect_timeout"] = 2
        self._db = import_module("opsconsole.lib.postgres").Patient.connect(**parameters)
        self._db.patience = 2 * PATIENCE  # a server that says nothing at all

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._db.execute(sql).fetchall()
        return rows

    def insert(self, rows: Sequence[Row]) -> None:
        try:
            self._db.execute(self._SQL, [json.dumps([r._asdict() | {"at": r.at.isoformat()} for r in rows])])
        except self._psycopg.IntegrityError as error:
            raise Gone from error

    def close(self) -> None:
        self._db.close()


def open_store() -> Store:
    return SqliteStore() if connections["default"].vendor == "sqlite" else PostgresStore()
