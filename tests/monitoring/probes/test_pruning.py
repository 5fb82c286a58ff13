"""What is kept and what is forgotten."""

from datetime import timedelta

import pytest
from django.db import connection

from monitoring.probes import folding, pruning
from monitoring.probes.models import Bucket, Failure, Result, Size
from opsconsole.lib import clock
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes

pytestmark = pytest.mark.usefixtures("team")
on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="partitions exist on PostgreSQL only"
)


def result(probe, at) -> None:
    Result.objects.bulk_create([Result(probe_id=probe.pk, at=at, outcome=0, ms=5, code=200)])


def test_it_keeps_raw_results_for_thirty_days(now):
    probe = make.probe()
    for days in (100, 31, 29, 0):
        result(probe, now - timedelta(days=days))
    pruning.prune(now)
    assert [now - r.at for r in Result.objects.order_by("-at")] == [timedelta(0), timedelta(days=29)]


def test_it_keeps_failures_for_thirty_days(now):
    probe = make.probe()
    for days in (31, 29):
        Failure.objects.create(probe=probe, at=now - timedelta(days=days), reason="It answered 500.")
    assert pruning.prune(now) == 1
    assert Failure.objects.count() == 1


def test_it_keeps_minutes_for_two_days_once_they_are_folded(now):
    probe = make.probe()
    minutes(probe, now - timedelta(days=3), 60)
    minutes(probe, now - timedelta(hours=2), 60)
    assert pruning.prune(now) == 0
    folding.fold(now)
    assert pruning.prune(now) == 60


def test_it_keeps_hours_for_400_days_and_days_for_ever(now):
    probe = make.probe()
    minutes(probe, now - timedelta(days=402), 60)
    folding.fold(now)
    pruning.prune(now)
    assert [row.size for row in Bucket.objects.all()] == [Size.DAY]


def test_it_forgets_the_results_of_a_deleted_probe(now):
    gone, kept = make.probe("Gone"), make.probe("Kept")
    for probe in (gone, kept):
        result(probe, now)
        minutes(probe, now, 3)
    gone.delete()
    assert pruning.prune(now) == 4
    assert (Result.objects.count(), Bucket.objects.count()) == (1, 3)


@on_postgres
def test_it_makes_days_ahead_and_moves_what_fell_beside_them(now):
    probe = make.probe()
    result(probe, now)
    pruning.prune(now)
    assert pruning.partition_of(now + timedelta(days=3)) in pruning.partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM probes_result_other")
        assert cursor.fetchone() == (0,)
    assert Result.objects.get().at == now


@on_postgres
def test_it_drops_days_that_are_past(now):
    pruning.partitions_ensure(now - timedelta(days=40), now - timedelta(days=38))
    pruning.prune(now)
    assert min(pruning.partitions()) >= pruning.partition_of(now - timedelta(days=31))


def test_it_makes_partitions_only_once(now):
    pruning.partitions_ensure(now, now)
    assert pruning.partitions_ensure(now, now) == 0
    assert clock.epoch(now)
