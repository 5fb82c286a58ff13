"""What changes do by themselves."""

from datetime import datetime

from monitoring.changes.services import changes_prune
from opsconsole.lib.sweeps import sweep


@sweep("changes.prune", title="Delete old changes")
def prune(now: datetime) -> int:
    return changes_prune(now=now)
