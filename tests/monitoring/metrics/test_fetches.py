"""The sweep that reads sources: on time, each for itself, later and later where it fails."""

import socket
from datetime import timedelta

import pytest

from monitoring.metrics import fetches, source_services
from monitoring.metrics.models import Series, Source
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, kinds
from monitoring.metrics.watches import late
from tests.monitoring import make
from tests.monitoring.metrics.servers import Api, Turns

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def save(manager, now, frozen, loopback):
    """`save("json", "Orders today", url=…, path=…)`"""

    def make_one(kind, name, **given):
        return source_services.source_save(
            actor=manager, source=None, kind=kinds[kind], given=given, name=name, metric="", unit="orders",
            service=make.service(), interval=MINUTE, now=now,
        )  # fmt: skip

    return make_one


def test_it_reads_what_is_due_and_feeds_a_series(save, now):
    with Api({"/": {"n": 12}}) as api:
        source = save("json", "Orders today", url=api.url, path="$.n")
        assert fetches.run_due(now) == 1
    series = Series.objects.get()
    assert (series.title, series.name, series.unit, series.source, str(series.service)) == (
        "Orders today",
        "orders_today",
        "orders",
        source,
        "Web shop",
    )
    source.refresh_from_db()
    assert (source.last_at, source.next_at, source.leased_until, source.samples) == (
        now,
        now + MINUTE,
        None,
        1,
    )
    assert fetches.run_due(now) == 0


def test_several_of_one_source_are_told_apart_by_their_labels(save, now):
    rows = [{"metric": {"job": job}, "value": [1, "1"]} for job in ("web", "db")]
    with Api(
        {"/api/v1/query": {"status": "success", "data": {"resultType": "vector", "result": rows}}}
    ) as api:
        save("promql", "Up", url=api.url, query="up")
        fetches.run_due(now)
    assert set(Series.objects.values_list("title", flat=True)) == {"Up, web", "Up, db"}


@pytest.mark.parametrize(
    ("sample", "said"),
    [(Sample("", (), 1e300), "1e+300 is no value that can be kept"), (Sample("", (("a", "x" * 201),), 1), "The label a has")],
)  # fmt: skip
def test_it_takes_nothing_that_cannot_be_kept(sample, said, now):
    kind = Kind("x", "X", Question, lambda _given, _now: [sample])
    error = fetches.read(kind, {}, metric="x", unit="", now=now).error
    assert error.startswith(said) and error.endswith(".")


def test_it_says_why_it_failed_and_comes_back_later_each_time(save, now):
    with Api({"/": Turns([(500, "down"), (500, "down"), {"n": 1}])}) as api:
        source = save("json", "Orders", url=api.url, path="$.n")
        fetches.run_due(now)
        source.refresh_from_db()
        assert (source.last_error, source.next_at) == (
            "127.0.0.1 answered 500 Internal Server Error: “down”.", now + MINUTE,
        )  # fmt: skip
        fetches.run_due(now + MINUTE)
        source.refresh_from_db()
        assert (source.failures, source.next_at) == (2, now + 3 * MINUTE)
        fetches.run_due(now + 3 * MINUTE)
    source.refresh_from_db()
    assert (source.failures, source.last_error) == (0, "")


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (5, 16), (9, 60), (500, 60)])
def test_it_waits_twice_as_long_each_time_up_to_an_hour(failures, minutes):
    assert fetches.pause(MINUTE, failures) == minutes * MINUTE
    assert fetches.pause(timedelta(days=1), failures) == timedelta(days=1)


def test_one_that_hangs_holds_up_none(save, now, monkeypatch):
    monkeypatch.setattr("monitoring.metrics.fetching.TIMEOUT", 0.3)
    with Api({"/": {"n": 1}}) as api, socket.create_server(("127.0.0.1", 0)) as silent:
        save("json", "Hanging", url=f"http://127.0.0.1:{silent.getsockname()[1]}/", path="$.n")
        save("json", "Fine", url=api.url, path="$.n")
        assert fetches.run_due(now) == 2
    said = dict(Source.objects.values_list("name", "last_error"))
    assert said["Fine"] == ""
    assert "No complete answer in time" in said["Hanging"]


def test_many_that_hang_hold_up_none(save, now, monkeypatch):
    """More of them than are read at once: none behind them waits for more than one of theirs to end."""
    monkeypatch.setattr("monitoring.metrics.fetching.TIMEOUT", 1)
    with Api({"/": {"n": 1}}) as api, socket.create_server(("127.0.0.1", 0)) as silent:
        for number in range(20):
            save("json", f"Hanging {number}", url=f"http://127.0.0.1:{silent.getsockname()[1]}/", path="$.n")
        save("json", "Fine", url=api.url, path="$.n")
        written = []
        monkeypatch.setattr(fetches, "_keep", lambda source, *_: written.append(source.name))
        assert fetches.run_due(now) == 21
    assert written[0] == "Fine"


def test_a_fault_nobody_thought_of_stays_with_its_source(save, now, monkeypatch):
    monkeypatch.setitem(kinds._entries, "odd", Kind("odd", "Odd", Question, lambda _given, _now: [][1 // 0]))
    save("odd", "Odd")
    fetches.run_due(now)
    assert "ZeroDivisionError" in Source.objects.get().last_error


def test_a_kind_that_is_gone_is_said(save, now):
    save("json", "Orders", url="http://127.0.0.1/", path="$.n")
    Source.objects.update(kind="telepathy")
    fetches.run_due(now)
    assert "knows no source of the kind “telepathy”" in Source.objects.get().last_error


def test_two_sweeps_at_once_read_it_once(save, now):
    save("json", "Orders", url="http://127.0.0.1:1/", path="$.n")
    Source.objects.update(leased_until=now + MINUTE)
    assert fetches.run_due(now) == 0
    assert fetches.run_due(now + MINUTE) == 1, "a lease that ran out is another's"


def test_secrets_are_kept_encrypted_and_stay_when_left_empty(save, manager, now):
    source = save("json", "Orders", url="http://127.0.0.1:1/", path="$.n", authorization="Bearer abc")
    assert Source.objects.get().config == {"url": "http://127.0.0.1:1/", "path": "$.n"}
    given = {"url": "http://127.0.0.1:2/", "path": "$.n", "authorization": ""}
    source_services.source_save(
        actor=manager, source=source, kind=kinds["json"], given=given, name="Orders", metric="orders", unit="",
        service=None, interval=MINUTE, now=now,
    )  # fmt: skip
    assert Source.objects.get().secrets == {"authorization": "Bearer abc"}


def test_too_many_series_are_refused(save, now, monkeypatch):
    monkeypatch.setattr("monitoring.metrics.writing.MOST_SERIES", 1)
    with Api({"/": "a 1\nb 1\n"}) as api:
        save("prometheus", "Node", url=api.url)
        fetches.run_due(now)
    assert "this source has 0 series and would get 2 more" in Source.objects.get().last_error


def test_the_auditor_hears_of_what_nobody_reads(save, now):
    save("json", "Orders", url="http://127.0.0.1:1/", path="$.n")
    assert late(now + MINUTE).count == 0
    assert late(now + 10 * MINUTE).count == 1


def test_a_whole_kind_takes_ten_lines(save, now, monkeypatch):
    def read(given, _now):
        if not given.get("works"):
            raise SourceFailed("It does not work.")
        return [Sample("", (), 5.0)]

    monkeypatch.setitem(kinds._entries, "new", Kind("new", "New", Question, read))
    save("new", "Broken")
    save("new", "Fine", works=True)
    fetches.run_due(now)
    assert list(Source.objects.order_by("name").values_list("last_error", flat=True)) == [
        "It does not work.",
        "",
    ]
