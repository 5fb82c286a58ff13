"""Each kind of source reads what it should, and says in plain words why it cannot."""

import gzip
from datetime import timedelta

import pytest

from monitoring.metrics import fetching
from monitoring.metrics.sources import SourceFailed, kinds
from opsconsole.lib.moments import to_ms
from tests.monitoring.metrics.servers import Api

HOUR = timedelta(hours=1)

PAGE = 'up 1\n# TYPE served_total counter\nserved_total{code="200"} 7\nload1 0.5\n'
VECTOR = {
    "status": "success",
    "data": {
        "resultType": "vector",
        "result": [
            {"metric": {"__name__": "up", "job": "web"}, "value": [1, "1"]},
            {"metric": {"job": "db"}, "value": [1, "NaN"]},
        ],
    },
}
SCALAR = {"status": "success", "data": {"resultType": "scalar", "result": [1, "4.5"]}}
NATIVE = {
    "status": "success",
    "data": {"resultType": "vector", "result": [{"metric": {}, "histogram": [1, {"count": "3"}]}]},
}
MATRIX = {"status": "success", "data": {"resultType": "matrix", "result": []}}


@pytest.fixture
def ask(loopback, now):
    """`ask("json", answer, path="$.n")` → (samples, what was asked)."""

    def read(kind, answer, path="/", **given):
        with Api({path: answer}) as api:
            address = f"{api.url}{'' if kind == 'promql' else path}"
            return kinds[kind].read({"url": address, **given}, now), api.asked

    return read


def values(samples):
    return [(s.name, s.labels, s.value) for s in samples]


def test_it_reads_an_exporter(ask):
    samples, _ = ask("prometheus", PAGE, "/metrics", authorization="Bearer abc")
    assert values(samples) == [("up", (), 1.0), ("served_total", (("code", "200"),), 7.0), ("load1", (), 0.5)]


def test_it_takes_only_the_names_that_are_chosen(ask):
    samples, asked = ask("prometheus", PAGE, only="load* served_total", authorization="Bearer abc")
    assert [s.name for s in samples] == ["served_total", "load1"]
    assert asked[0].headers["authorization"] == "Bearer abc"


def test_it_leaves_out_names_that_are_not_wanted(ask):
    samples, _ = ask("prometheus", PAGE, only="-load* -up")
    assert [s.name for s in samples] == ["served_total"]
    page = f'up 1\nargs{{line="{"x" * 300}"}} 1\nold 2 1000\n'
    assert [s.name for s in ask("prometheus", page, only="-args")[0]] == ["up"]
    with pytest.raises(SourceFailed, match="line 2: the label line"):
        ask("prometheus", page)


def test_it_asks_a_prometheus(ask):
    samples, asked = ask("promql", VECTOR, "/api/v1/query", query="up")
    assert values(samples) == [("", (("job", "web"),), 1.0)]
    assert asked[0].query["query"] == "up"
    assert values(ask("promql", SCALAR, "/api/v1/query", query="1")[0]) == [("", (), 4.5)]


def test_it_finds_a_number_in_json(loopback, now):
    with Api({"/": {"a": [{"n": "12.5"}]}}) as api:
        assert values(kinds["json"].read({"url": api.url, "path": "$.a[0].n"}, now)) == [("", (), 12.5)]


CSV = "day;orders\n2026-11-18 06:00;5\n2026-11-18 07:00;8\n2020-01-01;1\n"


def test_it_reads_the_last_row_of_a_file(ask):
    assert values(ask("csv", "a,b\n1,2\n3,4\n\n", column="b")[0]) == [("", (), 4.0)]


def test_it_reads_the_rows_of_the_last_day(ask, now):
    samples, _ = ask("csv", CSV, column="orders", when="day")
    assert [(s.value, s.at) for s in samples] == [(5.0, to_ms(now - 2 * HOUR)), (8.0, to_ms(now - HOUR))]


@pytest.mark.parametrize(
    ("kind", "answer", "given", "said"),
    [
        ("prometheus", "<html>", {}, "The page cannot be read: line 1: this is no sample"),
        ("prometheus", "", {}, "There is no sample on the page."),
        ("prometheus", PAGE, {"only": "x*"}, "No series on the page has one of these names."),
        ("prometheus", (401, "who are you"), {}, "127.0.0.1 answered 401 Unauthorized: “who are you”."),
        ("csv", "a;b\n", {"column": "b"}, "no row below"),
        ("csv", "a;b\n1;2\n", {"column": "c"}, "no column “c”; it has a, b"),
        ("csv", "a;b\n1;x\n", {"column": "b"}, "row 2 is no number: “x”"),
        ("csv", "a;b\n1\n", {"column": "b"}, "Row 2 ends before that column"),
        ("csv", "a;b\nx;2\n", {"column": "b", "when": "a"}, "time in row 2 cannot be read"),
        ("csv", "a;b\n2020-01-01;2\n", {"column": "b", "when": "a"}, "no row of the last 24 hours"),
    ],
)
def test_it_says_why_it_cannot(ask, kind, answer, given, said):
    with pytest.raises(SourceFailed, match=said.replace("(", r"\(")):
        ask(kind, answer, **given)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (MATRIX, "The query gives a matrix"),
        (NATIVE, "The query gives a histogram: write one that gives a number"),
        ({"status": "success", "data": {"resultType": "vector", "result": []}}, "no series fits it now"),
        ((400, {"status": "error", "error": "parse error at char 3"}), "parse error at char 3"),
        ([], "not that of a Prometheus"),
        ("oops", "The answer is no JSON: “oops”."),
    ],
)
def test_it_says_what_is_wrong_with_a_query(ask, answer, said):
    with pytest.raises(SourceFailed, match=said):
        ask("promql", answer, "/api/v1/query", query="x")


@pytest.mark.parametrize(
    ("path", "said"), [("$.x", "finds nothing"), ("$.a[*]", "finds 2 values"), ("$.b", "is no number")]
)
def test_it_says_what_is_wrong_with_a_path(loopback, path, said, now):
    with Api({"/": {"a": [1, 2], "b": "no"}}) as api, pytest.raises(SourceFailed, match=said):
        kinds["json"].read({"url": api.url, "path": path}, now)


def test_it_calls_no_private_address(now):
    with Api({"/": "up 1"}) as api, pytest.raises(SourceFailed, match="is a private address"):
        kinds["prometheus"].read({"url": api.url}, now)


def test_an_exporter_may_lead_elsewhere_where_nothing_secret_is_sent(loopback, now):
    with Api({"/": (307, "", {"Location": "/metrics"}), "/metrics": "up 1\n"}) as api:
        assert values(kinds["prometheus"].read({"url": api.url}, now)) == [("up", (), 1.0)]


def test_nothing_is_sent_on_by_a_redirect(loopback, now):
    with (
        Api({"/": (302, "", {"Location": "http://example.com/"})}) as api,
        pytest.raises(SourceFailed, match="302 Found"),
    ):
        kinds["prometheus"].read({"url": api.url, "authorization": "Bearer secret"}, now)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("json", {"url": "https://a.example", "path": "$["}, "path"),
        ("json", {"url": "ftp://a.example", "path": "$.a"}, "url"),
        ("json", {"url": "https://me:pw@a.example", "path": "$.a"}, "url"),
        ("sql", {"engine": "postgresql", "database": "d", "query": "select 1"}, "host"),
        ("sql", {"engine": "sqlite", "database": "d", "query": "delete from x"}, "query"),
    ],
)
def test_a_form_refuses_what_cannot_work(kind, given, field):
    form = kinds[kind].form(given)
    assert field in form.errors


def test_an_answer_without_end_is_cut_off(loopback, now, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    with Api({"/": "x" * 100_000}) as api, pytest.raises(SourceFailed, match="larger than 1,000 bytes"):
        kinds["prometheus"].read({"url": api.url}, now)


def test_what_swells_when_it_is_unpacked_is_cut_off(loopback, now, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    bomb = gzip.compress(b"a" * 50_000_000).decode("latin-1")
    packed = (200, bomb, {"Content-Encoding": "gzip"})
    with (
        Api({"/": packed}, coding="latin-1") as api,
        pytest.raises(SourceFailed, match="larger than 100,000 bytes"),
    ):
        kinds["prometheus"].read({"url": api.url}, now)


def test_a_list_nested_without_end_is_no_answer(loopback, now):
    with Api({"/": "[" * 200_000}) as api, pytest.raises(SourceFailed, match="is no JSON"):
        kinds["json"].read({"url": api.url, "path": "$"}, now)
