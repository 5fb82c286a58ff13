"""The figures of monitoring."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from monitoring.catalogue.models import StatusChange
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures import selectors
from opsconsole.measures.verdicts import Verdict
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes

pytestmark = pytest.mark.usefixtures("team", "frozen")
DAY = Period(datetime(2026, 11, 17, 8, tzinfo=UTC), datetime(2026, 11, 18, 8, tzinfo=UTC))


def read(slug: str, period: Period = DAY):
    return selectors.read(slug, period)


@pytest.fixture
def shop():
    """Up all day but for fifteen minutes."""
    probe = make.probe(status="up", last_outcome="up")
    minutes(probe, DAY.start, 60 * 24 - 15)
    minutes(probe, DAY.end - timedelta(minutes=15), 5, up=0, down=60_000, failures=2, histogram="")
    minutes(probe, DAY.end - timedelta(minutes=10), 10, up=0, down=60_000, histogram="")
    return probe


def test_it_weighs_uptime_by_time(shop):
    judged = read("monitoring.uptime")
    assert (round(judged.reading.value, 3), judged.reading.coverage) == (98.958, 1.0)
    assert judged.reading.detail == "least: Web shop 98.96 %"
    assert judged.verdict == Verdict.BAD


def test_it_adds_up_downtime_in_minutes(shop):
    assert read("monitoring.downtime").reading.value == 15


def test_it_says_how_much_of_the_time_was_measured(shop):
    week = Period(DAY.end - timedelta(days=7), DAY.end)
    shop.created_at = week.start
    shop.save()
    assert round(read("monitoring.uptime", week).reading.coverage, 3) == round(1 / 7, 3)
    assert read("monitoring.uptime", week).verdict == Verdict.UNKNOWN


def test_it_does_not_blame_a_new_service_for_the_time_before_it(shop):
    shop.created_at = DAY.start
    shop.save()
    assert read("monitoring.uptime", Period(DAY.end - timedelta(days=7), DAY.end)).reading.coverage == 1


def test_it_is_unknown_when_nothing_is_watched():
    for slug in (
        "monitoring.uptime",
        "monitoring.downtime",
        "monitoring.latency_p95",
        "monitoring.services_down",
    ):
        assert read(slug).verdict == Verdict.UNKNOWN


def test_it_reads_the_95th_percentile(shop):
    value = read("monitoring.latency_p95").reading.value
    assert value is not None and 32 <= value < 35  # index 40 is 2^5 ms


def test_it_counts_services_that_are_down_now(shop):
    make.probe("Checkout", status="down")
    make.probe("Mail", service=make.service("Mail"), status="unknown")
    reading = read("monitoring.services_down", Period(DAY.start, DAY.end + timedelta(hours=1))).reading
    assert (reading.value, reading.coverage, reading.detail) == (1, 0.5, "Web shop")


def test_it_looks_at_what_is_so_now_where_a_period_ends_with_the_present(shop, frozen):
    make.probe("Checkout", status="down")
    period = Period(clock.now() - timedelta(days=7), clock.now())
    frozen.shift(timedelta(seconds=5))
    assert read("monitoring.services_down", period).reading.value == 1


def test_it_knows_nothing_of_services_that_were_not_asked_in_time(shop):
    shop.next_at = DAY.end - timedelta(minutes=10)
    shop.save()
    judged = read("monitoring.services_down", Period(DAY.start, DAY.end + timedelta(hours=1)))
    assert (judged.reading.coverage, judged.verdict) == (0, Verdict.UNKNOWN)


@pytest.fixture
def half_an_hour(shop):
    """It was down from the start of the day on."""
    for old, new, minute in (("up", "down", 0), ("down", "up", 30)):
        at = DAY.start + timedelta(minutes=minute)
        StatusChange.objects.create(
            service=shop.service, source=shop.source, title=shop.name, old=old, new=new, at=at, noticed_at=at
        )


def test_it_counts_services_that_were_down_then(half_an_hour):
    ends = {minute: DAY.start + timedelta(minutes=minute) for minute in (-5, 10, 40)}
    values = [read("monitoring.services_down", Period(ends[-5], end)).reading.value for end in ends.values()]
    assert values == [0, 1, 0]


@pytest.mark.parametrize(
    ("hours", "verdict"), [(5, Verdict.OK), (25, Verdict.UNKNOWN), (-2, Verdict.UNKNOWN)]
)
def test_it_knows_nothing_of_a_moment_around_which_nothing_was_measured(hours, verdict):
    """A day on which the console stood still is no day without outages."""
    minutes(make.probe("Front"), DAY.start, 60 * 24)
    moment = DAY.start + timedelta(hours=hours)
    with time_machine.travel(DAY.end + timedelta(days=2), tick=False):
        assert read("monitoring.services_down", Period(moment - timedelta(days=1), moment)).verdict == verdict


def page(signed_in, viewer, slug, period=DAY):
    return signed_in(viewer).get(read(slug, period).reading.evidence_url).context


@pytest.mark.parametrize("slug", ["monitoring.uptime", "monitoring.downtime"])
def test_it_links_to_services_that_add_up_to_the_figure(shop, signed_in, viewer, slug):
    make.service("Unwatched")
    together = page(signed_in, viewer, slug)["spell"].together
    assert 100 * together.uptime == read("monitoring.uptime").reading.value
    assert together.down / 60 == read("monitoring.downtime").reading.value


@pytest.mark.parametrize(
    ("measured", "fields", "said"),
    [
        (60 * 24, {}, "Up"),
        (60 * 24, {"up": 0, "degraded": 60_000}, "Was degraded"),
        (60, {}, "Hardly measured"),
    ],
)
def test_it_calls_up_what_was_up_and_measured(signed_in, viewer, measured, fields, said):
    probe = make.probe(status="up", service=make.service(created_at=DAY.start))
    minutes(probe, DAY.start, measured, **fields)
    rows = signed_in(viewer).get(read("monitoring.uptime").reading.evidence_url).text
    assert f'">{said}</span>' in rows.partition('<ol class="rows">')[2]


def test_it_links_to_the_latency_of_each_probe(shop, signed_in, viewer):
    [row] = page(signed_in, viewer, "monitoring.latency_p95")["list"].rows
    assert row.ms == read("monitoring.latency_p95").reading.value


def test_it_links_to_the_failing_answers_of_each_probe(shop, signed_in, viewer):
    [row] = page(signed_in, viewer, "monitoring.error_share")["list"].rows
    reading = read("monitoring.error_share").reading
    assert (row.runs.asked, row.runs.failed) == (reading.n, 10)
    assert reading.value == 100 * 10 / 2880


def test_it_does_not_judge_by_runs_that_failed_through_our_own_fault(shop):
    minutes(make.probe("Mail"), DAY.start, 60 * 24, up=0, unknown=90_000, histogram="")
    judged = read("monitoring.error_share")
    assert (round(judged.reading.coverage, 1), judged.verdict) == (0.4, Verdict.UNKNOWN)


def test_it_links_to_the_outages_of_then(half_an_hour, signed_in, viewer):
    for minute, services in ((10, 1), (40, 0)):
        period = Period(DAY.start, DAY.start + timedelta(minutes=minute))
        assert page(signed_in, viewer, "monitoring.services_down", period)["services"] == services
        assert read("monitoring.services_down", period).reading.value == services


@pytest.mark.parametrize("path", ["services/", "probes/", "probes/outages/"])
def test_it_says_what_is_wrong_with_an_address(signed_in, viewer, path):
    answer = signed_in(viewer).get(f"/monitoring/{path}?at=never")
    assert b"notice bad" in answer.content and answer.status_code == 200
