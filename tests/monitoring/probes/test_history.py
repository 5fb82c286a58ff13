"""What pages read in one statement is what one finds by adding up the minutes, however far they are folded."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.catalogue.histories import Wanted
from monitoring.probes import folding, history
from monitoring.probes.models import Bucket, Probe, Size
from opsconsole.lib import clock, histograms
from opsconsole.lib.periods import midnight
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team")
VIENNA = ZoneInfo("Europe/Vienna")
START = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)  # 21:00 in Vienna, where the team is
HOURS = 56


@pytest.fixture
def minutes() -> list[Bucket]:
    """Two probes of each of two services, every third minute with an entry, and what was measured in it by chance."""
    dice = Random(7)
    probes = [make.probe(str(n), service=make.service(f"Service {n % 2}")) for n in range(4)]
    rows = [_minute(probe, 60 * n, dice) for probe in probes for n in range(0, 60 * HOURS, 3)]
    return Bucket.objects.bulk_create(rows)


def _minute(probe: Probe, at: int, dice: Random) -> Bucket:
    down, slow = dice.choice([0, 0, 0, 20_000]), dice.choice([0, 0, 5_000])
    text = f"{dice.randrange(30, 40)}:2"
    start = clock.epoch(START) + at
    return Bucket(
        probe=probe, size=60, start=start, up=40_000 - slow, degraded=slow, down=down, histogram=text
    )


def added_up(minutes: list[Bucket], start: datetime, end: datetime, slice_of):
    """The slow way: {(service, slice): (up, slow, down, answers)}, each probe added up, then the longest of a service's."""
    probes = defaultdict(list)
    for row in minutes:
        if clock.epoch(start) <= row.start < clock.epoch(end):
            probes[row.probe.service_id, slice_of(row.start), row.probe_id].append(row)
    services = defaultdict(list)
    for (service, slice_, _), rows in probes.items():
        services[service, slice_].append(rows)
    return {key: _service(of_probes) for key, of_probes in services.items()}


def _service(probes: list[list[Bucket]]):
    sums = [
        [sum(getattr(row, name) for row in rows) for name in ("up", "degraded", "down")] for rows in probes
    ]
    down, measured = max(s[2] for s in sums), max(sum(s) for s in sums)
    slow = min(max(s[1] for s in sums), measured - down)
    answers = histograms.merge(row.histogram for rows in probes for row in rows)
    return (measured - down) / 1000, slow / 1000, down / 1000, answers


def read(minutes: list[Bucket], start: datetime, end: datetime, step):
    ids = {row.probe.service_id for row in minutes}
    found = history.service_history(Wanted(ids, start, end, step, latency=True))
    return {
        (one.service_id, clock.epoch(one.start)): (one.up, one.slow, one.down, histograms.merge(one.latency))
        for one in found
    }


def day_of(at: int) -> int:
    return clock.epoch(midnight(clock.moment(at).astimezone(VIENNA).date(), VIENNA))


SPANS = [(0, HOURS), (5, 50), (3, 27), (4, 20), (30, 31), (27, 51)]
FOLDED = [0, 2, 5, 28, 55, 60]


@pytest.mark.parametrize("folded", FOLDED)
@pytest.mark.parametrize(("first", "last"), SPANS)
def test_it_reads_days_as_they_add_up(minutes, folded, first, last):
    folding.fold(START + timedelta(hours=folded))
    start, end = START + timedelta(hours=first), START + timedelta(hours=last)
    assert read(minutes, start, end, "day") == added_up(minutes, start, end, day_of)


def test_it_reads_the_day_that_is_going_on_from_its_own_bucket(minutes):
    folding.fold(START + timedelta(hours=40, minutes=5))
    Bucket.objects.filter(size=Size.HOUR).delete()
    end = START + timedelta(hours=42)
    start = clock.moment(day_of(clock.epoch(end)))
    assert read(minutes, start, end, "day") == added_up(minutes, start, end, day_of)


@pytest.mark.parametrize("folded", FOLDED)
def test_it_reads_hours_as_they_add_up(minutes, folded):
    folding.fold(START + timedelta(hours=folded))
    start, end = START + timedelta(hours=5), START + timedelta(hours=50)
    assert read(minutes, start, end, "hour") == added_up(minutes, start, end, lambda at: at - at % 3600)


@pytest.mark.parametrize("folded", FOLDED)
def test_it_reads_one_probe_as_it_adds_up(minutes, folded):
    folding.fold(START + timedelta(hours=folded))
    mine = [row for row in minutes if row.probe_id == minutes[0].probe_id]
    wanted = Wanted([mine[0].probe_id], START, START + timedelta(hours=HOURS), "day")
    found = sum(one.up for one in history.probe_history(wanted))
    assert found == sum(row.up + row.degraded for row in mine) / 1000


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's")
def test_it_reads_nothing_but_the_spans_that_count(minutes):
    """SQLite reads a condition of several spans from the first to the last: millions of minutes for a few."""
    folding.fold(START + timedelta(hours=HOURS))
    wanted = Wanted([1], START + timedelta(hours=2), START + timedelta(hours=55), "day")
    with CaptureQueriesContext(connection) as asked:
        history.service_history(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1]['sql']}")
        read = [row[-1] for row in cursor.fetchall() if " b " in row[-1]]
    assert len(read) == 7
    assert all("start>? AND start<?" in line for line in read)
