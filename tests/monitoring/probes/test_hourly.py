"""The figures of monitoring hour by hour."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.probes import hourly
from opsconsole.lib.periods import Period
from opsconsole.measures.registry import measures
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes

pytestmark = pytest.mark.usefixtures("team", "frozen")
FOUR = Period(datetime(2026, 11, 18, 4, tzinfo=UTC), datetime(2026, 11, 18, 8, tzinfo=UTC))


@pytest.fixture
def shop():
    """Nothing in the first hour, up in the second, down for 15 minutes of the third, half measured in the fourth."""
    probe = make.probe(status="up", last_outcome="up")
    start = FOUR.start + timedelta(hours=1)
    minutes(probe, start, 105)
    minutes(probe, start + timedelta(minutes=105), 15, up=0, down=60_000, failures=2, histogram="")
    minutes(probe, start + timedelta(minutes=120), 30)
    return probe


def test_it_gives_the_uptime_of_each_hour(shop):
    assert hourly.uptime(FOUR) == [None, 100, 75, 100]
    assert hourly.downtime(FOUR) == [None, 0, 15, 0]


def test_it_gives_how_fast_and_how_often_wrong_each_hour_was(shop):
    slow, failing = hourly.latency_p95(FOUR), hourly.error_share(FOUR)
    assert slow[0] is failing[0] is None
    assert failing[1] == failing[3] == 0
    assert failing[2] == 25
    assert slow[1] == slow[2] == slow[3] is not None


def test_it_says_the_same_as_the_figure_of_the_hour(shop):
    for slug in ("uptime", "downtime", "latency_p95", "error_share"):
        one = measures[f"monitoring.{slug}"]
        hour = Period(FOUR.start + timedelta(hours=2), FOUR.start + timedelta(hours=3))
        assert one.hourly and one.hourly(FOUR)[2] == pytest.approx(one.read(hour).value), slug


def test_it_needs_a_constant_number_of_queries_whatever_the_number_of_services(
    shop, django_assert_max_num_queries
):
    for number in range(5):
        minutes(make.probe(service=make.service(slug=f"s{number}", name=f"S {number}")), FOUR.start, 60)
    with django_assert_max_num_queries(
        4
    ):  # the services, the team's zone, days that were well, hours of the others
        hourly.uptime(FOUR)
