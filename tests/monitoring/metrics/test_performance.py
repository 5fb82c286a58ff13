"""The page of a service's performance: parts, targets, and nothing green that is not known."""

from datetime import timedelta

import pytest

from monitoring.metrics import folding
from monitoring.metrics.models import Series
from monitoring.probes.models import Bucket, Size
from opsconsole.lib import clock
from tests.monitoring import make

pytestmark = pytest.mark.django_db
URL = "/monitoring/metrics/performance/web-shop/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def page(signed_in, viewer, frozen, now):
    def text(query=""):
        folding.fold(now)
        answer = signed_in(viewer).get(URL + query)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    make.service()
    return text


@pytest.fixture
def feed(stored, now):
    """`feed("latency", "ms", [1, 2, 3])`: one value each five minutes until a minute ago."""

    def give(part, unit, values, kind="gauge", **fields):
        times = [now - MINUTE - i * 5 * MINUTE for i in range(len(values))]
        samples = list(zip(times, map(float, reversed(values)), strict=True))
        return stored(
            part,
            *samples,
            kind=kind,
            unit=unit,
            part=part.partition("-")[0],
            service=make.service(),
            **fields,
        )

    return give


def test_it_says_what_is_not_known(page):
    shown = page()
    assert "Nothing is known yet of how Web shop performs" in shown
    assert "No series says that it is CPU or memory." in shown


def test_latency_is_that_of_the_probes(page, now):
    probe = make.probe()
    hour = clock.epoch(now - timedelta(hours=2))
    Bucket.objects.create(
        probe=probe, size=Size.HOUR, start=hour, up=3_600_000, runs=120, latency=120 * 90, histogram="52:120"
    )
    shown = page()
    assert "p95 of the answers to probes" in shown
    assert "at most 500 ms" in shown


def test_it_does_not_miss_what_was_under_maintenance(page, now):
    hour = clock.epoch(now - timedelta(hours=2))
    times = {"up": 900_000, "maintenance": 2_700_000}
    Bucket.objects.create(probe=make.probe(), size=Size.HOUR, start=hour, runs=30, histogram="52:30", **times)
    shown = page()
    assert "100 % measured" in shown
    assert "Answers to probes under maintenance are left out" in shown


@pytest.mark.parametrize(("value", "word"), [(0.3, "On target"), (0.7, "Off target"), (1.4, "Well off")])
def test_seconds_are_judged_as_milliseconds(page, feed, value, word):
    feed("latency", "s", [value] * 24, "distribution")
    shown = page()
    assert "latency, p95" in shown
    assert word in shown


def test_a_target_of_its_own_goes_before_the_usual_one(page, feed):
    feed("cpu", "%", [90] * 24, target=95.0)
    assert "Web shop performs as it should" in page()
    Series.objects.update(target=None)
    assert "Web shop: 1 figure off target" in page()


def test_errors_are_counted_against_requests(page, feed):
    feed("requests", "requests", range(0, 2400, 100), "counter")
    feed("errors", "errors", range(0, 48, 2), "counter")
    shown = page()
    assert "Errors of all requests" in shown
    assert '<span class="value">2 <small>%</small></span>' in shown
    assert "Well off" in shown


@pytest.mark.parametrize(("failed", "word"), [(1, "On target"), (4, "Off target"), (20, "Well off")])
def test_errors_are_held_against_a_thousandth(page, feed, failed, word):
    """Ten times as much is what people are woken for."""
    feed("requests", "requests", range(0, 24_000, 1000), "counter")
    feed("errors", "errors", [n * failed for n in range(24)], "counter")
    shown = page()
    assert word in shown and "at most 0.1 %" in shown.replace("\u00a0", " ")


def test_half_of_the_queries_take_a_tenth_of_a_second(page, feed):
    feed("db_time", "ms", [150] * 24, "distribution")
    shown = page().replace("\u00a0", " ")
    assert "at most 100 ms" in shown and "at most 500 ms" in shown


def test_throughput_is_told_by_the_minute(page, feed):
    feed("requests", "requests", range(0, 24 * 500, 500), "counter")
    assert "requests, a minute" in page()


def test_what_has_stopped_is_not_verified(page, feed, frozen, now):
    feed("cpu", "%", [10] * 24)
    folding.fold(now)
    frozen.shift(timedelta(hours=3))
    shown = page()
    assert "no figure could be verified" in shown
    assert "it has stopped coming" in shown


def test_what_has_another_unit_is_not_judged(page, feed):
    feed("memory", "GB", [900] * 24)
    assert "No target" in page()


@pytest.mark.parametrize("span", ["24h", "7d", "30d", "x"])
def test_it_has_spans(page, feed, span):
    feed("cpu", "%", [10] * 24)
    assert "cpu, mean" in page(f"?span={span}")


def test_it_asks_as_much_for_many_series_as_for_one(
    page, feed, signed_in, viewer, django_assert_max_num_queries
):
    for i in range(12):
        feed(f"cpu-{i}", "%", [10] * 3)
    page()
    with django_assert_max_num_queries(20):
        signed_in(viewer).get(URL)


def test_a_service_leads_to_it(signed_in, viewer, frozen):
    make.service()
    assert URL in signed_in(viewer).get("/monitoring/services/web-shop/").text
