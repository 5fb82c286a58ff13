"""What single regions found is kept as long as what they said together, and goes with the probe."""

from datetime import timedelta

from monitoring.probes import pruning
from monitoring.probes.models import SightingHour, SightingResult
from monitoring.probes.services import Places, probe_delete, probe_update
from opsconsole.accounts.roles import SYSTEM
from tests.monitoring.probes.regions.conftest import EU


def test_it_keeps_results_for_thirty_days_and_hours_for_four_hundred(rounds):
    asked = rounds()
    pruning.prune(asked.now + timedelta(days=29))
    assert SightingResult.objects.exists()
    pruning.prune(asked.now + timedelta(days=31))
    assert (SightingResult.objects.count(), SightingHour.objects.count()) == (0, 2)
    pruning.prune(asked.now + timedelta(days=401))
    assert SightingHour.objects.count() == 0


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
