"""Queries to databases: they read, one statement, within a time, and nowhere that is closed."""

import sqlite3
from types import SimpleNamespace

import pytest
from psycopg.conninfo import conninfo_to_dict

from monitoring.metrics.sources import SourceFailed, kinds, sql
from tests.servers import postgres

read = kinds["sql"].read


@pytest.fixture
def file(tmp_path, settings):
    folder = tmp_path / "shop"
    folder.mkdir()
    settings.OPSCONSOLE_METRIC_FOLDERS = [str(folder)]
    settings.DATA_DIR = tmp_path / "console"
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute("CREATE TABLE orders (state TEXT, n INTEGER)")
        db.execute("INSERT INTO orders VALUES ('open', 3), ('sent', 9)")
    return {"engine": "sqlite", "database": str(folder / "shop.db")}


def test_it_reads_one_number(file, now):
    [sample] = read(file | {"query": "SELECT SUM(n) FROM orders"}, now)
    assert (sample.name, sample.labels, sample.value) == ("", (), 12.0)


def test_it_reads_a_number_for_each_name(file, now):
    found = read(file | {"query": "SELECT state, n FROM orders"}, now)
    assert [(s.labels, s.value) for s in found] == [((("name", "open"),), 3.0), ((("name", "sent"),), 9.0)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1 WHERE 0", "gives no row"),
        ("SELECT 'x'", "“x”, which is no number"),
        ("SELECT NULL", "gives NULL, which is no number; COALESCE"),
        ("SELECT LENGTH(ZEROBLOB(5000000))", "The database says: string or blob too big"),
        ("SELECT 1 INTO OUTFILE '/tmp/x'", "Leave out INTO"),
        ("SELECT 1, 2, 3", "one number, or a name and a number"),
        ("SELECT a FROM nowhere", "The database says: no such table: nowhere"),
        ("SELECT 1; DELETE FROM orders", "The database says: You can only execute one statement"),
        ("WITH x AS (SELECT 1) DELETE FROM orders", "The database says: not authorized"),
        (
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT 'a', x FROM c",
            "more than 200 rows",
        ),
    ],
)
def test_it_says_what_is_wrong(file, now, query, said):
    with pytest.raises(SourceFailed, match=said):
        read(file | {"query": query}, now)


def test_a_query_without_end_is_ended(file, now, monkeypatch):
    monkeypatch.setattr(sql, "SECONDS", 0.05)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT COUNT(*) FROM c"
    with pytest.raises(SourceFailed, match=r"longer than 0\.05 seconds"):
        read(file | {"query": endless}, now)


@pytest.mark.parametrize("path", ["/etc/passwd", "{folder}/../other.db", "{data}/console.sqlite3"])
def test_it_opens_only_files_that_are_allowed(file, now, settings, path):
    settings.OPSCONSOLE_METRIC_FOLDERS += [str(settings.DATA_DIR)]
    where = path.format(folder=file["database"].rpartition("/")[0], data=settings.DATA_DIR)
    with pytest.raises(SourceFailed, match="in no folder of OPSCONSOLE_METRIC_FOLDERS"):
        read({"engine": "sqlite", "database": where, "query": "SELECT 1"}, now)


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_it_calls_no_private_address(engine, now):
    given = {"engine": engine, "host": "127.0.0.1", "database": "x", "query": "SELECT 1"}
    with pytest.raises(SourceFailed, match="is a private address"):
        read(given, now)


class Mysql:
    """What pymysql would be asked."""

    def __init__(self, version):
        self.version, self.said, self.connected = version, [], {}

    def connect(self, **given):
        self.connected = given
        return self

    cursors = SimpleNamespace(SSCursor="row by row")
    cursor = __enter__ = lambda self, *_: self
    __exit__ = close = lambda self, *_: None

    def execute(self, statement):
        self.said.append(statement)

    def fetchone(self):
        return (self.version,)

    def fetchmany(self, _most):
        return [(7,)]


@pytest.mark.parametrize(
    ("version", "limit"), [("8.4.0", "max_execution_time=10000"), ("11.4-MariaDB", "max_statement_time=10")]
)
def test_mysql_is_asked_to_read_within_a_time(loopback, now, monkeypatch, version, limit):
    mysql = Mysql(version)
    monkeypatch.setattr(sql, "import_module", lambda _name: mysql)
    [sample] = read({"engine": "mysql", "host": "127.0.0.1", "database": "shop", "query": "SELECT 7"}, now)
    assert sample.value == 7
    assert mysql.said[1:] == [f"SET SESSION {limit}", "START TRANSACTION READ ONLY", "SELECT 7"]
    assert mysql.connected["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("/* why */ SELECT 1", ""),
        ("-- why\n(SELECT into_stock FROM t)", ""),
        ("DELETE FROM t", "begins with SELECT"),
        ("SELECT 1 /*!50000into outfile 'x' */", "Leave out INTO"),
        ("SELECT 1 into/**/@x", "Leave out INTO"),
        ("/*! DELETE FROM t */", "begins with SELECT"),
    ],
)
def test_the_form_takes_what_reads(query, said):
    form = sql.Form({"engine": "mysql", "host": "db", "database": "shop", "query": query})
    assert said in str(form.errors.get("query", "")) and form.is_valid() is not bool(said)


def test_the_words_of_a_driver_are_told_without_its_number():
    assert sql._complaint(OSError(1049, "Unknown database 'x'")) == "The database says: Unknown database 'x'."


PG_REFUSES = {
    "SELECT pg_sleep(5), 1": "longer than 1 seconds.*statement timeout",
    "SELECT 1; CREATE TABLE t (a int)": "multiple commands",
    "WITH x AS (SELECT 1) SELECT a INTO t FROM generate_series(1, 2) a": "Leave out INTO",
    "WITH x AS (DELETE FROM pg_am RETURNING 1) SELECT * FROM x": "read-only transaction",
    "TABLE pg_nothing": "does not exist",
    "SELECT a::text, b FROM generate_series(1, 9999) a, generate_series(1, 9999) b": "more than 200 rows",
}


@pytest.mark.servers
def test_postgresql_only_reads(loopback, now, monkeypatch):
    monkeypatch.setattr(sql, "address", lambda *_: None)  # the server of the tests listens on a socket
    monkeypatch.setattr(sql, "SECONDS", 1)
    with postgres() as url:
        parts = conninfo_to_dict(url)
        given = {
            "engine": "postgresql",
            "database": parts["dbname"],
            **{n: parts.get(n) for n in ("host", "port", "user", "password")},
        }
        assert read(given | {"query": "SELECT 42.5::numeric"}, now)[0].value == 42.5
        for query, said in PG_REFUSES.items():
            with pytest.raises(SourceFailed, match=said):
                read(given | {"query": query}, now)
