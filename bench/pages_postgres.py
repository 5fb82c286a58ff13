"""The same pages on PostgreSQL: the rows of the large database are copied to a server of its own, which takes some minutes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from bench._data import big_database
from tests.servers import postgres

Figure = tuple[str, float, str]
GROUPS = ("page_today", "page_incident", "page_weekly", "page_monitoring", "page_dashboard", "page_results")


def figures() -> Iterator[Figure]:
    path = big_database()
    with postgres() as address:
        _python(address, "manage.py", "migrate", "--verbosity", "0")
        _copy(path, address)
        for line in _python(address, "-m", "bench", "--lines", *GROUPS).splitlines():
            name, value, unit = line.split()
            yield f"{name}_postgres", float(value), unit


def _python(address: str, *arguments: str) -> str:
    environment = os.environ | {"DATABASE_URL": address}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _copy(path: Path, address: str) -> None:
    """Every table as it stands, and sequences behind their last number."""
    options = "-c timezone=UTC -c session_replication_role=replica"  # foreign keys hold already
    with closing(sqlite3.connect(path)) as source, psycopg.connect(address, options=options) as target:
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = [row[0] for row in source.execute(named)]
        target.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
        for table in tables:
            _copy_table(source, target, table)
        target.commit()
        target.autocommit = True
        target.execute("VACUUM ANALYZE")


def _copy_table(
    source: sqlite3.Connection, target: "psycopg.Connection[tuple[object, ...]]", table: str
) -> None:
    rows = source.execute(f'SELECT * FROM "{table}"')
    columns = [column[0] for column in rows.description]
    name, fields = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    with target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, fields)) as copy:
        for row in rows:
            copy.write_row(row)
    if "id" in columns:
        last = sql.SQL(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {})) WHERE EXISTS (TABLE {})"
        )
        target.execute(last.format(name, name), [table])
