"""What heartbeats do by themselves."""

from datetime import datetime

from monitoring.heartbeats.folding import clock_follow, overdue_judge, pings_fold
from monitoring.heartbeats.pruning import prune
from opsconsole.lib.sweeps import each, sweep


@sweep("heartbeats.fold_and_judge", title="Read what jobs reported, and notice who is late")
def fold_and_judge(now: datetime) -> int:
    """Fold first: what came in time is never judged late."""
    return each((pings_fold, overdue_judge), lambda work: work(now=now))


@sweep("heartbeats.follow_clock", title="Follow a clock that was set back")
def follow(now: datetime) -> int:
    return clock_follow(now=now)


@sweep("heartbeats.prune", title="Delete old pings and runs")
def forget(now: datetime) -> int:
    return prune(now=now)
