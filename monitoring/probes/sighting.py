"""Writers of sightings: from which regions a probe is asked, and what of that begins anew. The rest is written by their engines."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitoring.catalogue.states import Status
from monitoring.probes.models import Probe, Sighting
from monitoring.regions.selectors import names
from opsconsole.lib.phrases import listed

PATIENCE = timedelta(seconds=5)
"""What regions are given to look, ask and write before their votes are counted; they ring when they have news."""


def regions_errors(regions: Sequence[str], quorum: int) -> dict[str, str]:
    """What is wrong with them, by field."""
    unknown = sorted(set(regions) - set(names())) if regions else []
    errors = {}
    if unknown:
        errors["regions"] = f"No worker has reported from {listed(unknown)}: start one there first."
    if not 0 <= quorum <= len(regions):
        most = f"{len(regions)} at the most" if regions else "none, as no region is chosen"
        errors["quorum"] = f"So many regions are not chosen: {most}."
    return errors


def sightings_make(probe: Probe, now: datetime) -> None:
    """Ask it at once from all its regions, and from no other; what those know that stay is kept."""
    probe.sightings.exclude(region__in=probe.regions).delete()
    rows = [Sighting(probe=probe, region_id=name, begun_at=now) for name in probe.regions]
    Sighting.objects.bulk_create(rows, ignore_conflicts=True)
    due = None if probe.is_paused else now
    probe.sightings.update(next_at=due, leased_until=None)


def sightings_restart(probe: Probe, now: datetime) -> None:
    """Forget the evidence so far, which the time without looking makes worthless."""
    probe.sightings.update(
        begun_at=now, status=Status.UNKNOWN, status_since=None, last_outcome="", streak=0, streak_since=None, last_at=None,
        settled_until=None, last_error="", leased_until=None, next_at=None if probe.is_paused else now,
    )  # fmt: skip


def first_due(probe: Probe, now: datetime) -> datetime:
    """When the probe itself is due, whose regions are asked now."""
    return now + PATIENCE if probe.regions else now
