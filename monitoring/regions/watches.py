"""What the auditor asks of regions."""

from datetime import datetime

from monitoring.regions.selectors import regions
from opsconsole.health.watches import Overdue, watch
from opsconsole.lib.phrases import listed


@watch("regions")
def mute(now: datetime) -> Overdue:
    """Regions that probes are asked from and that say nothing: their votes are missing."""
    found = [one for one in regions(now) if one.asked and one.complaint]
    if not found:
        return Overdue(0)
    names = listed((one.name for one in found), 5)
    sentence = f"Regions from which nothing is known, so that they have no vote: {names}."
    return Overdue(len(found), min(one.seen_at for one in found), sentence)
