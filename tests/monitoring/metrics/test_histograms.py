"""Histograms that are pushed or scraped: one series with p50, p95 and p99, of what was observed between two readings."""

from datetime import timedelta

import pytest

from monitoring.metrics import folding, parsing_text, writing
from monitoring.metrics.models import Bucket, Counts, Series, Size
from monitoring.metrics.samples import Window
from monitoring.metrics.sources import kinds
from monitoring.metrics.stores import between
from opsconsole.lib import clock
from opsconsole.lib.moments import to_ms
from tests.monitoring.metrics.servers import Api

MINUTE = timedelta(minutes=1)


def page(*counts: int, bounds=("0.1", "0.5", "1"), at: str = "", head: str = "# TYPE took histogram") -> str:
    """As an exporter writes it, with half a second each."""
    pairs = zip((*bounds, "+Inf"), counts, strict=True)
    lines = [f'took_bucket{{path="/",le="{bound}"}} {count} {at}' for bound, count in pairs]
    ends = [f'took_sum{{path="/"}} {counts[-1] / 2} {at}', f'took_count{{path="/"}} {counts[-1]} {at}']
    return "\n".join([head, *lines, *ends])


def read(text: str, now):
    return parsing_text.read(text, Window(to_ms(now)))


@pytest.fixture
def taken(db, now):
    """`taken(page(…), page(…))` stores them a minute apart, the last one now, and gives their minutes."""

    def take(*pages: str):
        for back, text in zip(reversed(range(len(pages))), pages, strict=True):
            at = now - back * MINUTE
            refusal = writing.write([writing.Push(read(text, at), None, at)])
            assert refusal == [""]
        series = Series.objects.get(name="took")
        at = clock.epoch(now)
        return [roll for roll, _ in between([series.pk], Size.MINUTE, at - 3600, at + 60).values()]

    return take


def test_its_buckets_are_one_series_beside_its_count_and_sum(now):
    found = {s.name: (s.kind, s.value, s.labels) for s in read(page(1, 2, 3, 4), now)}
    labels = (("path", "/"),)
    assert found == {
        "took": ("distribution", 4, labels),
        "took_sum": ("counter", 2.0, labels),
        "took_count": ("counter", 4.0, labels),
    }


def test_the_first_reading_is_what_the_next_is_held_against(taken):
    assert taken(page(100, 900, 1000, 1000)) == []
    (roll,) = taken(page(100, 900, 1000, 1000), page(100, 1100, 1200, 1200))
    assert (roll.n, roll.mean, roll.low, roll.high) == (200, 0.5, 0.1, 0.5)
    assert roll.figure("p50") == pytest.approx(0.3, rel=0.05)


def test_a_restart_begins_at_zero(taken):
    assert [roll.n for roll in taken(page(1, 8, 9, 9), page(0, 2, 2, 2), page(0, 2, 5, 5))] == [2, 3]


def test_other_buckets_are_read_by_those_that_both_have_and_that_is_said(taken, signed_in, manager):
    (roll,) = taken(page(0, 10, 10, 10), page(9, 30, 30, bounds=("0.3", "0.5")))
    assert (roll.n, roll.high) == (20, 0.5)
    shown = signed_in(manager).get(f"/monitoring/metrics/{Series.objects.get(name='took').pk}/").text
    assert "a histogram of 3 buckets, the highest up to 0.5; what is above counts as that" in shown
    assert "Its buckets changed" in shown


def test_a_histogram_that_comes_without_anything_new_has_not_stopped(taken, now, frozen, signed_in, manager):
    taken(page(0, 10, 10, 10), page(0, 30, 30, 30))
    frozen.shift(timedelta(hours=27))
    later = now + timedelta(hours=27)
    folding.fold(later)
    address = f"/monitoring/metrics/{Series.objects.get(name='took').pk}/"
    assert "Its histogram still comes" not in signed_in(manager).get(address).text
    writing.write([writing.Push(read(page(0, 30, 30, 30), later), None, later)])
    assert "Its histogram still comes: there was nothing to observe." in signed_in(manager).get(address).text


def test_the_same_reading_again_adds_nothing(taken, now):
    again = page(0, 30, 30, 30, at=str(to_ms(now)))
    rolls = taken(page(0, 10, 10, 10), again)
    writing.write([writing.Push(read(again, now), None, now)] * 2)
    assert [roll.n for roll in rolls] == [20]
    assert Bucket.objects.get(series__name="took").n == 20


def test_a_late_reading_tells_nothing_that_the_newer_one_did_not(taken, now):
    taken(page(0, 10, 10, 10), page(0, 30, 30, 30))
    late = page(0, 25, 25, 25, at=str(to_ms(now - timedelta(seconds=20))))
    writing.write([writing.Push(read(late, now), None, now)])
    assert (Bucket.objects.get(series__name="took").n, Counts.objects.get().counts[-1]) == (20, 30)


def test_readings_of_one_minute_add_up(taken, now):
    pages = [page(0, 10 * i, 10 * i, 10 * i, at=str(to_ms(now) + i)) for i in range(5)]
    pushes = [writing.Push(read(text, now), None, now) for text in reversed(pages)]
    writing.write(pushes[:2])
    writing.write(pushes[2:])
    (bucket,) = Bucket.objects.filter(series__name="took")
    assert bucket.n == 10  # what came late was counted by the newest already


def test_a_series_that_was_made_a_level_takes_no_histogram(taken, now):
    taken(page(1, 2, 3, 4))
    Series.objects.filter(name="took").update(kind="gauge", changed_at=now + MINUTE)
    assert (
        "is kept as another kind" in writing.write([writing.Push(read(page(1, 2, 3, 9), now), None, now)])[0]
    )


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('took_bucket{le="0.1"} 3\ntook_bucket{le="soon"} 3', {"gauge"}),
        ('# TYPE took histogram\ntook_bucket{le="0.1"} 3', {"counter"}),
        ('# TYPE took gaugehistogram\ntook_bucket{le="1"} 3\ntook_bucket{le="+Inf"} 3', {"gauge"}),
        ('# TYPE took_bucket counter\ntook_bucket{le="1"} 3\ntook_bucket{le="+Inf"} 3', {"distribution"}),
        ("bytes_per_bucket 3", {"gauge"}),
        ('took_bucket{le="nan"} 3\ntook_bucket{le="-Inf"} 3', {"gauge"}),
        ('took_bucket{le="1"} NaN\ntook_bucket{le="+Inf"} 3', {"gauge"}),
    ],
)
def test_buckets_of_which_nothing_can_be_made_stay_what_they_are(text, kinds, now):
    assert {sample.kind or "gauge" for sample in read(text, now)} == kinds


def test_the_quantiles_of_a_summary_are_levels_and_left_out_where_there_are_none(now):
    text = (
        '# TYPE took summary\ntook{quantile="0.95"} 0.7\ntook{quantile="0.99"} NaN\ntook_sum 9\ntook_count 3'
    )
    assert [(s.name, s.kind, s.value) for s in read(text, now)] == [
        ("took", "gauge", 0.7),
        ("took_sum", "counter", 9.0),
        ("took_count", "counter", 3.0),
    ]


@pytest.mark.parametrize(
    ("only", "is_there"),
    [("took", True), ("took_bucket", True), ("took*", True), ("-took_bucket", False), ("* -took", False)],
)
def test_a_source_chooses_it_by_either_name(only, is_there, now, loopback):
    with Api({"/": f"up 1\n{page(1, 2, 3, 4)}"}) as api:
        found = kinds["prometheus"].read({"url": api.url, "only": only}, now)
    assert ("took" in {sample.name for sample in found}) is is_there
