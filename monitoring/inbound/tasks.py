"""What integrations do by themselves."""

from datetime import datetime

from monitoring.inbound.pruning import prune
from monitoring.inbound.taking import SWEEP, arrivals_read
from opsconsole.lib.sweeps import sweep


@sweep(SWEEP, title="Read what other systems sent")
def read(now: datetime) -> int:
    return arrivals_read(now=now)


@sweep("inbound.prune", title="Delete old deliveries of other systems")
def forget(now: datetime) -> int:
    return prune(now=now)
