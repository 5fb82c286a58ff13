"""What single regions found is kept as long as what they said together, and goes with the probe."""

from datetime import timedelta

from monitoring.probes import gauges, pruning
from monitoring.probes.models import SightingHour, SightingResult
from monitoring.probes.services import Places, probe_delete, probe_update
from opsconsole.accounts.roles import SYSTEM
from tests.monitoring.probes.regions.conftest import EU, US


def test_it_keeps_results_for_thirty_days_and_hours_for_four_hundred(rounds):
    asked = rounds()
    pruning.prune(asked.now + timedelta(days=29))
    assert SightingResult.objects.exists()
    pruning.prune(asked.now + timedelta(days=31))
    assert (SightingResult.objects.count(), SightingHour.objects.count()) == (0, 2)
    pruning.prune(asked.now + timedelta(days=401))
    assert SightingHour.objects.count() == 0


def test_it_keeps_how_fast_each_region_was_answered_for_two_days(rounds):
    asked = rounds()
    for hours, number in ((47, 2), (50, 0)):
        pruning.prune(asked.now + timedelta(hours=hours))
        assert SightingHour.objects.exclude(histogram="").count() == number


def test_it_forgets_what_a_region_found_that_is_not_asked_any_more(rounds):
    asked = rounds()
    given = {"name": "Front page", "config": asked.probe.config, "places": Places((EU,))}
    probe_update(actor=SYSTEM, probe=asked.probe, now=asked.now, **given)
    pruning.prune(asked.now)
    assert set(SightingResult.objects.values_list("sighting", flat=True)) == {asked.seen(EU).pk}


def test_it_forgets_all_of_a_probe_that_is_deleted(rounds):
    asked = rounds()
    probe_delete(actor=SYSTEM, probe=asked.probe, now=asked.now)
    pruning.prune(asked.now)
    assert not SightingResult.objects.exists() and not SightingHour.objects.exists()


def said(now) -> dict[str, float]:
    (gauge,) = [one for one in gauges.probes(now) if one.name == "probe_region_up"]
    return {sample.labels["region"]: sample.value for sample in gauge.samples}


def test_it_says_at_metrics_what_each_region_says(rounds):
    asked = rounds()
    asked.cut = {US}
    asked.pass_by()
    asked.pass_by(step=timedelta(seconds=10))
    assert said(asked.now) == {EU: 1, US: 0}
    asked.now += timedelta(seconds=61)
    asked.report(US)
    assert said(asked.now) == {US: 0}
