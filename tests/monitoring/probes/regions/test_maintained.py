"""What a region finds under maintenance counts nowhere: not in its own hours, nor in the sums of the probe."""

from datetime import timedelta

from django.db.models import Sum

from monitoring.catalogue.models import Replanned
from monitoring.probes.models import Bucket, SightingHour, SightingResult
from monitoring.probes.recounting import recount
from tests.monitoring.alerts.make import window
from tests.monitoring.probes.regions.conftest import US


def sums(model, *names: str) -> tuple[int, ...]:
    found = model.objects.aggregate(**{name: Sum(name) for name in names})
    return tuple(found[name] for name in names)


def test_it_counts_neither_time_nor_answers_of_a_region_under_maintenance(rounds):
    asked = rounds()
    window(asked.probe.service, starts_at=asked.now, hours=1, now=asked.now)
    counted = [sums(Bucket, "runs", "failures"), sums(SightingHour, "down", "answers", "runs", "failures")]
    results = SightingResult.objects.count()
    asked.cut = {US}
    for _ in range(3):
        asked.pass_by()
    assert SightingResult.objects.count() >= results + 6
    assert counted == [
        sums(Bucket, "runs", "failures"),
        sums(SightingHour, "down", "answers", "runs", "failures"),
    ]


def test_it_takes_the_answers_of_regions_back_when_a_window_is_made_afterwards(rounds):
    asked = rounds()
    runs, failures = sums(Bucket, "runs", "failures")
    asked.cut = {US}
    asked.pass_by()
    assert sums(Bucket, "runs", "failures") == (runs + 2, failures + 1)
    window(asked.probe.service, starts_at=asked.now, hours=1, now=asked.now + timedelta(minutes=5))
    recount(asked.now + timedelta(minutes=5))
    assert not Replanned.objects.filter(handled_at=None).exists()
    assert sums(Bucket, "runs", "failures") == (runs, failures)
