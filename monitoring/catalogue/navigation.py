"""The entry of monitoring, with how many services are in trouble."""

from monitoring.catalogue.selectors import status_counts
from monitoring.catalogue.states import TONES, Status
from opsconsole.lib.figures import counted
from opsconsole.ui.nav import Count, Entry, register


def trouble() -> Count | None:
    """The worst there is: services that are down, else degraded, else not measured, else under maintenance; nothing if none is watched."""
    counts = status_counts()
    for status in (Status.DOWN, Status.DEGRADED, Status.UNKNOWN):
        if number := counts[status]:
            return Count(number, TONES[status], f"{counted(number, 'service')} {status.label.lower()}")
    if kept := counts[Status.MAINTENANCE]:
        return Count(0, TONES[Status.MAINTENANCE], f"{counted(kept, 'service')} under maintenance")
    return Count(0, "ok", "all services are up") if counts[Status.UP] else None


register("monitoring", Entry("Monitoring", "catalogue:list", 30, key="m", count=trouble))
