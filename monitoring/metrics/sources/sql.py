"""A query to a database of yours: read-only, within ten seconds, one number, or a name and a number in each row.

The address is guarded as that of every outside call: it is resolved once, judged, and then connected to by number.
"""

import math
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import VALUE, Kind, Question, SourceFailed, Values, kinds, secret_field
from opsconsole.lib.http.guard import networks, permitted, refusal, resolve

SECONDS = 10
MOST_ROWS = 200
_PORTS = {"postgresql": 5432, "mysql": 3306}
_READS = ("select", "with", "values", "show", "table")
_COMMENT = re.compile(r"^(?:\s|\(|--[^\n]*\n|/\*(?!!).*?\*/)+", re.DOTALL)
# MySQL writes files in a transaction that only reads, and obeys what stands in /*!50000into … */.
_INTO = re.compile(r"(?<![A-Za-z_$])into(?![\w$])", re.IGNORECASE)
WRITES = "Leave out INTO: it writes, and a query here only reads."
_MOST_BYTES = 1_000_000  # of one value of SQLite's, which is made here


class Form(Question):
    secret = ("password",)
    engine = forms.ChoiceField(
        choices=[("postgresql", "PostgreSQL"), ("mysql", "MySQL or MariaDB"), ("sqlite", "SQLite")],
        label="Database",
    )
    host = forms.CharField(max_length=250, required=False, label="Host", help_text="Not for SQLite.")
    port = forms.IntegerField(
        min_value=1, max_value=65_535, required=False, label="Port", help_text="Empty: the usual one."
    )
    database = forms.CharField(
        max_length=500,
        label="Name of the database",
        help_text="For SQLite the file, in a folder of OPSCONSOLE_METRIC_FOLDERS.",
    )
    user = forms.CharField(
        max_length=100, required=False, label="User", help_text="Give it one that may only read."
    )
    password = secret_field("Password")
    query = forms.CharField(
        max_length=4000,
        label="Query",
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text="Gives one number, or two columns: a name and a number, at most 200 rows.",
    )

    def clean_query(self) -> str:
        query: str = self.cleaned_data["query"].strip().rstrip(";")
        if not _COMMENT.sub("", query).lower().startswith(_READS):
            raise forms.ValidationError("Write a query that reads: it begins with SELECT or WITH.")
        if _INTO.search(query):
            raise forms.ValidationError(WRITES)
        return query

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("engine") in _PORTS and not found.get("host"):
            self.add_error("host", "Name the machine that the database runs on.")
        return found


def read(given: Values, _now: datetime) -> list[Sample]:
    if _INTO.search(given["query"]):
        raise SourceFailed(WRITES)
    ask: Callable[[Values], Sequence[Sequence[Any]]] = {
        "postgresql": _postgresql,
        "mysql": _mysql,
        "sqlite": _sqlite,
    }[given["engine"]]
    try:
        return samples(ask(given))
    except SourceFailed:
        raise
    except Exception as error:  # noqa: BLE001 — each driver has errors of its own; their words are the database's
        raise SourceFailed(_complaint(error)) from None


def _complaint(error: Exception) -> str:
    """The words of a driver: PyMySQL puts a number before them."""
    words = error.args[1] if len(error.args) == 2 and isinstance(error.args[0], int) else error
    said = " ".join(str(words).split())[:300].rstrip(".")
    if ("timeout" in said and "statement" in said) or "max_statement_time" in said or said == "interrupted":
        return f"The query took longer than {SECONDS} seconds. The database says: {said}."
    return f"The database says: {said}."


def samples(rows: Sequence[Sequence[Any]]) -> list[Sample]:
    """Raises SourceFailed for what is no figure."""
    if not rows:
        raise SourceFailed("The query gives no row.")
    if len(rows) > MOST_ROWS:
        raise SourceFailed(f"The query gives more than {MOST_ROWS} rows.")
    if len(rows[0]) == 1 and len(rows) == 1:
        return [Sample(VALUE, (), _number(rows[0][0]))]
    if len(rows[0]) != 2:
        raise SourceFailed("The query must give one number, or a name and a number in each row.")
    return [Sample(VALUE, (("name", str(name)[:200]),), _number(value)) for name, value in rows]


def _number(value: Any) -> float:
    if isinstance(value, int | float | Decimal) and math.isfinite(value):
        return float(value)
    if value is None:
        raise SourceFailed("The query gives NULL, which is no number; COALESCE(…, 0) makes it one.")
    raise SourceFailed(f"The query gives “{str(value)[:60]}”, which is no number.")


def address(host: str, port: int) -> str:
    """The address of a host that may be called. Raises SourceFailed."""
    found = resolve(host, port, wait=5)
    if not found:
        raise SourceFailed(f"The host name {host} has no address.")
    allowed = networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS))
    for each in found:
        if permitted(each, allowed):
            return each
    raise SourceFailed(refusal(found[0]))


def _postgresql(given: Values) -> Sequence[Sequence[Any]]:
    port = given.get("port") or _PORTS["postgresql"]
    limits = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000} -c lock_timeout=2000"
    with import_module("opsconsole.lib.postgres").Patient.connect(
        host=given["host"],
        hostaddr=address(given["host"], port),
        port=port,
        dbname=given["database"],
        user=given.get("user") or None,
        password=given.get("password") or None,
        connect_timeout=5,
        tcp_user_timeout=(SECONDS + 5) * 1000,
        options=limits,
        application_name="ops-console",
    ) as connection:
        connection.patience, connection.read_only = SECONDS + 5, True
        # In binary the server takes one statement only: nobody ends the transaction and begins another one.
        with closing(connection.cursor().stream(given["query"], binary=True)) as rows:
            return list(islice(rows, MOST_ROWS + 1))  # row by row: a query without end fills no memory


def _mysql(given: Values) -> Sequence[Sequence[Any]]:
    port = given.get("port") or _PORTS["mysql"]
    pymysql = import_module("pymysql")
    connection = pymysql.connect(
        host=address(given["host"], port),
        port=port,
        database=given["database"],
        user=given.get("user") or None,
        password=given.get("password") or "",
        connect_timeout=5,
        read_timeout=SECONDS + 2,
        write_timeout=SECONDS,
        local_infile=False,
    )
    try:
        with connection.cursor() as cursor:
            _limit(cursor)
            cursor.execute("START TRANSACTION READ ONLY")
        rows = connection.cursor(pymysql.cursors.SSCursor)  # row by row; to close it would read all the rest
        rows.execute(given["query"])
        found: Sequence[Sequence[Any]] = rows.fetchmany(MOST_ROWS + 1)
        return found
    finally:
        connection.close()


def _limit(cursor: Any) -> None:
    """MySQL counts milliseconds, MariaDB seconds."""
    cursor.execute("SELECT VERSION()")
    is_mariadb = "mariadb" in str(cursor.fetchone()[0]).lower()
    cursor.execute(
        f"SET SESSION max_statement_time={SECONDS}"
        if is_mariadb
        else f"SET SESSION max_execution_time={SECONDS * 1000}"
    )


def _sqlite(given: Values) -> Sequence[Sequence[Any]]:
    path = Path(given["database"]).resolve()
    folders = [Path(folder).resolve() for folder in settings.OPSCONSOLE_METRIC_FOLDERS]
    if not any(path.is_relative_to(folder) for folder in folders) or path.is_relative_to(
        Path(settings.DATA_DIR).resolve()
    ):
        raise SourceFailed(
            "The file is in no folder of OPSCONSOLE_METRIC_FOLDERS: name its folder there, and restart."
        )
    until = time.monotonic() + SECONDS
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=2)
    try:
        connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        connection.set_authorizer(_only_reading)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        return connection.execute(given["query"]).fetchmany(MOST_ROWS + 1)
    finally:
        connection.close()


def _only_reading(action: int, *_: Any) -> int:
    """A query may read; it may not open other files."""
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    return sqlite3.SQLITE_OK if action in reading else sqlite3.SQLITE_DENY


kinds.register("sql", Kind("sql", "A database (SQL)", Form, read, order=4))
