"""A part of a day that went well needs no hours: the sums of the whole day tell."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.catalogue.histories import Wanted
from monitoring.probes import folding, history, hourly
from monitoring.probes.models import Bucket, Probe, Size
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team")
START = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Vienna, whose next day has 25 hours
PART = START + timedelta(hours=3), START + timedelta(hours=20)
SHOP, CLUB = "Shop", "Club"


def measured(service: str, *, down_at: int | None = None) -> Probe:
    """A probe that saw its service up for two days, but for one minute."""
    probe = make.probe(service, service=make.service(service))
    begin = clock.epoch(START)
    rows = [
        Bucket(probe=probe, size=60, start=begin + 60 * n, up=0 if n == down_at else 60_000, down=60_000 * (n == down_at))
        for n in range(49 * 60)
    ]  # fmt: skip
    Bucket.objects.bulk_create(rows)
    return probe


def read(start: datetime, end: datetime) -> list[tuple[float, float, float]]:
    ids = Probe.objects.values_list("service_id", flat=True)
    return [(s.length, s.up, s.down) for s in history.service_history(Wanted(ids, start, end, "day"))]


def fold() -> None:
    folding.fold(START + timedelta(hours=50))


def test_it_reads_a_part_of_a_day_that_went_well_from_the_day_alone():
    measured(SHOP)
    fold()
    Bucket.objects.exclude(size=Size.DAY).delete()
    assert read(*PART) == [(17 * 3600, 17 * 3600, 0)]


def test_it_reads_the_hours_where_something_was_down():
    measured(SHOP, down_at=5)
    fold()
    assert read(*PART) == [(17 * 3600, 17 * 3600, 0)]
    assert read(START, PART[1]) == [(20 * 3600, 20 * 3600 - 60, 60)]


def test_it_takes_each_service_for_itself():
    measured(SHOP)
    measured(CLUB, down_at=4 * 60)
    fold()
    assert read(*PART) == [(17 * 3600, 17 * 3600, 0), (17 * 3600, 17 * 3600 - 60, 60)]


def test_it_adds_the_parts_at_both_ends_of_a_span():
    measured(SHOP)
    fold()
    found = read(START + timedelta(hours=24), START + timedelta(hours=26))
    assert found == [(3600, 3600, 0), (3600, 3600, 0)]


def test_it_reads_a_day_that_still_runs_from_what_there_is():
    measured(SHOP)
    folding.fold(START + timedelta(hours=10))
    assert read(*PART) == [(17 * 3600, 17 * 3600, 0)]


def test_it_reads_hours_of_a_day_that_went_well_from_the_day_alone():
    measured(SHOP)
    fold()
    Bucket.objects.exclude(size=Size.DAY).delete()
    assert hourly.uptime(Period(*PART)) == [100] * 17


def test_it_reads_the_hours_of_those_alone_that_were_down():
    well = measured(SHOP)
    measured(CLUB, down_at=4 * 60)
    fold()
    Bucket.objects.filter(probe=well).exclude(size=Size.DAY).delete()
    assert hourly.downtime(Period(*PART)) == [0, 1, *[0] * 15]
    assert hourly.uptime(Period(*PART))[1] == pytest.approx(100 * 119 / 120)


def test_it_reads_what_is_folded_of_the_running_day_and_the_hours_that_follow():
    measured(SHOP)
    folding.fold(START + timedelta(hours=10))
    hours = Bucket.objects.filter(size=Size.HOUR, start__lt=clock.epoch(START + timedelta(hours=9)))
    hours.delete()
    assert hourly.uptime(Period(*PART)) == [100] * 17


def test_it_reads_all_hours_as_long_as_no_day_is_folded():
    measured(SHOP, down_at=4 * 60)
    assert hourly.downtime(Period(*PART)) == [0, 1, *[0] * 15]
