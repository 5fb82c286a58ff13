"""Every moment is counted once, whether its minutes are folded or not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.catalogue.histories import Wanted, total
from monitoring.catalogue.states import Status
from monitoring.probes import folding, history
from monitoring.probes.engine.store import store
from monitoring.probes.engine.tally import Folded, Tally
from monitoring.probes.models import Bucket, Fold, Size
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team")
START = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)  # 21:00 in Vienna, where the team is


def minutes(probe, start: datetime, count: int, **fields) -> None:
    """Buckets of whole minutes that were up, unless `fields` say otherwise."""
    defaults = {"runs": 2, "histogram": "40:2", "latency": 64, "up": 60_000} | fields
    first = clock.epoch(start)
    Bucket.objects.bulk_create(
        Bucket(probe_id=probe.pk, size=Size.MINUTE, start=first + 60 * i, **zeros(defaults))
        for i in range(count)
    )


def zeros(fields: dict[str, Any]) -> dict[str, Any]:
    names = ("up", "degraded", "down", "unknown", "maintenance", "runs", "failures", "latency", "dns")
    return dict.fromkeys((*names, "connect", "tls", "first_byte"), 0) | {"histogram": ""} | fields


def uptime(probe, start: datetime, end: datetime):
    slices = history.probe_history(Wanted([probe.pk], start, end, "day", latency=True))
    return total(slices, (end - start).total_seconds())


@pytest.fixture
def probe():
    return make.probe()


def test_it_says_the_same_before_and_after_folding(probe):
    minutes(probe, START, 600)
    minutes(probe, START + timedelta(minutes=600), 60, up=0, down=60_000, runs=2, failures=2, histogram="")
    end = START + timedelta(hours=12)
    before = uptime(probe, START, end)
    assert folding.fold(end + timedelta(minutes=5)) > 0
    assert Fold.objects.get(size=Size.HOUR).until == clock.epoch(end)
    after = uptime(probe, START, end)
    assert (before.up, before.down, before.latency_at(0.5)) == (after.up, after.down, after.latency_at(0.5))
    assert (after.up, after.down) == (36_000, 3_600)


def test_it_folds_once_however_often_it_runs(probe):
    minutes(probe, START, 60)
    for _ in range(3):
        folding.fold(START + timedelta(hours=2))
    assert Bucket.objects.get(size=Size.HOUR).up == 3_600_000


def test_it_cuts_days_at_the_midnights_of_the_team(probe):
    minutes(probe, START, 60 * 30)
    folding.fold(START + timedelta(hours=31))
    day = Bucket.objects.filter(size=Size.DAY).order_by("start")
    assert [row.up // 3_600_000 for row in day] == [3, 24, 3]
    assert clock.moment(day[1].start) == datetime(2026, 11, 16, 23, 0, tzinfo=UTC)


def test_it_writes_the_histograms_of_a_day_short(probe):
    minutes(probe, START, 60 * 8)
    folding.fold(START + timedelta(hours=9))
    assert Bucket.objects.filter(size=Size.DAY).order_by("start")[0].histogram == "40:360"
    assert Bucket.objects.filter(size=Size.HOUR).order_by("start")[0].histogram == "40:120"


def test_it_writes_an_hour_short_as_soon_as_it_has_ended(probe):
    minutes(probe, START, 90)
    folding.fold(START + timedelta(minutes=92))
    ended, running = Bucket.objects.filter(size=Size.HOUR).order_by("start")
    assert (ended.histogram, len(running.histogram.split())) == ("40:120", 30)


def test_it_cuts_days_anew_when_the_team_moves(team, probe):
    minutes(probe, START, 60 * 30)
    folding.fold(START + timedelta(hours=31))
    team.time_zone = "America/New_York"
    team.save()
    folding.fold(START + timedelta(hours=31))
    days = Bucket.objects.filter(size=Size.DAY)
    assert {clock.moment(row.start).hour for row in days} == {5}
    assert uptime(probe, START, START + timedelta(hours=30)).up == 30 * 3600


def test_it_loses_nothing_of_a_console_that_began_just_before_midnight(probe):
    midnight = START + timedelta(hours=3)
    minutes(probe, midnight - timedelta(minutes=5), 5)
    for after in (1, 20, 120):
        folding.fold(midnight + timedelta(minutes=after))
    assert [row.up for row in Bucket.objects.filter(size=Size.DAY)] == [300_000]


def test_it_locks_the_marks_in_the_order_in_which_the_engine_does(probe):
    """Else each would hold one and wait for the other's: PostgreSQL then ends one of the two."""
    with CaptureQueriesContext(connection) as asked:
        folding.fold_hours(START)
        store().folded()
    marks = [
        query["sql"] for query in asked if query["sql"].startswith("SELECT") and "probes_fold" in query["sql"]
    ]
    assert [("3600" in sql, "86400" in sql) for sql in marks[:2]] == [(True, False), (False, True)]
    assert "ORDER BY size" in marks[-1]


def test_it_loses_no_half_hour_where_midnight_lies_within_an_hour(team, probe):
    team.time_zone = "Asia/Kolkata"
    team.save()
    minutes(probe, START, 60 * 60)
    for step in range(60 * 6 + 1):
        folding.fold(START + timedelta(minutes=10 * step))
    days = Bucket.objects.filter(size=Size.DAY).order_by("start")
    assert [row.up // 3_600_000 for row in days] == [23, 24, 12]
    assert {clock.moment(row.start).minute for row in days} == {30}


def test_it_counts_late_time_in_the_day_that_its_hour_began_in(probe):
    midnight = START.replace(hour=18, minute=30)
    at = clock.epoch(midnight + timedelta(minutes=10)) * 1000
    tally = Tally(Folded(at + 1, clock.epoch(midnight) * 1000, "Asia/Kolkata"))
    tally._span(probe.pk, (Status.DOWN, at, at + 30_000))
    hour, day = tally.rows()
    assert clock.moment(int(hour[2])) == midnight - timedelta(minutes=30)
    assert clock.moment(int(day[2])) == midnight - timedelta(days=1)


def test_it_catches_up_in_long_steps_after_a_month_away(probe):
    minutes(probe, START, 30)
    folding.fold(START + timedelta(hours=1))
    assert folding.fold(START + timedelta(days=31)) < 400
    assert uptime(probe, START, START + timedelta(days=31)).up == 1800


def test_it_counts_late_time_in_the_larger_bucket(probe):
    minutes(probe, START, 60 * 6)
    folding.fold(START + timedelta(hours=7))
    tally = Tally(marks())
    at = clock.epoch(START) * 1000
    tally._span(probe.pk, (Status.DOWN, at, at + 30_000))
    assert {(row[1], row[5]) for row in tally.rows()} == {(Size.HOUR, 30_000), (Size.DAY, 30_000)}


def test_it_puts_no_more_than_a_minute_into_a_minute(probe):
    """A probe that asks every few hours settles them at once; what is not folded yet is then cut as what comes often."""
    tally, at = Tally(Folded()), clock.epoch(START) * 1000
    tally._span(probe.pk, (Status.UP, at + 600_000, at + 9_000_000))
    up = [(row[1], row[3]) for row in tally.rows()]
    assert up == [(60, 60_000)] * 80 + [(3600, 3_600_000)]


def marks() -> Folded:
    found = {fold.size: fold for fold in Fold.objects.all()}
    return Folded(found[Size.HOUR].until * 1000, found[Size.DAY].until * 1000, found[Size.DAY].zone)


def test_it_reads_hours_and_days_of_a_service_in_order(probe):
    minutes(probe, START, 60 * 30)
    folding.fold(START + timedelta(hours=31))
    wanted = Wanted([probe.service_id], START, START + timedelta(hours=30), "day", latency=True)
    days = history.service_history(wanted)
    assert [(piece.length, piece.up) for piece in days] == [
        (10_800, 10_800),
        (86_400, 86_400),
        (10_800, 10_800),
    ]
    hours = history.service_history(Wanted([probe.service_id], START, START + timedelta(hours=30), "hour"))
    assert len(hours) == 30 and {piece.up for piece in hours} == {3600}


def test_it_takes_the_worst_probe_of_a_service(probe):
    minutes(probe, START, 60)
    other = make.probe("Checkout")
    minutes(other, START, 45)
    minutes(other, START + timedelta(minutes=45), 15, up=0, down=60_000)
    total = history.services_uptime(
        [probe.service_id], Period(START, START + timedelta(hours=1)), START + timedelta(hours=1)
    )
    assert (total[probe.service_id].down, total[probe.service_id].up) == (900, 2700)


def test_it_says_how_much_was_measured(probe):
    minutes(probe, START, 45)
    seen = uptime(probe, START, START + timedelta(hours=1))
    assert (seen.uptime, seen.coverage) == (1.0, 0.75)
    assert uptime(make.probe("New"), START, START + timedelta(hours=1)).uptime is None


@pytest.mark.parametrize("step", ["hour", "day"])
def test_it_adds_up_the_times_of_answers(probe, step):
    minutes(probe, START, 180)
    folding.fold(START + timedelta(hours=2))
    period = Period(START, START + timedelta(hours=3))
    assert history.answer_times(probe.pk, period, step) == [180 * 64, 0, 0, 0, 0]


def test_it_reads_many_services_in_one_query(probe, django_assert_num_queries):
    ids = [make.service(f"S{i}").pk for i in range(20)]
    with django_assert_num_queries(2):  # the zone of the team, and the buckets
        history.services_uptime(ids, Period(START, START + timedelta(days=90)), START + timedelta(days=90))
