"""Sweeps of metrics."""

from datetime import datetime

from monitoring.metrics import fetches, folding, pruning
from opsconsole.lib.sweeps import sweep


@sweep("metrics.fold", title="Add up metrics by hour and by day")
def fold(now: datetime) -> int:
    return folding.fold(now)


@sweep("metrics.prune", title="Forget metrics that are past their time")
def prune(now: datetime) -> int:
    return pruning.prune(now)


@sweep("metrics.read_sources", title="Read the sources of metrics that are due")
def read_sources(now: datetime) -> int:
    return fetches.run_due(now)
