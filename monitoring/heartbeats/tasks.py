"""What heartbeats do by themselves."""

from datetime import datetime

from monitoring.heartbeats.folding import overdue_judge, pings_fold
from opsconsole.lib.sweeps import sweep


@sweep("heartbeats.fold_and_judge", title="Read what jobs reported, and notice who is late")
def fold_and_judge(now: datetime) -> int:
    """Fold first: what came in time is never judged late."""
    return pings_fold(now=now) + overdue_judge(now=now)
