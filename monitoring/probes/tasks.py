"""Sweeps of probes."""

from datetime import datetime

from monitoring.probes import endings, folding, pruning, recounting
from monitoring.probes.engine import loop
from monitoring.probes.engine.batch import run_once
from opsconsole.lib.sweeps import sweep


@sweep("probes.run_due", title="Run probes that are due")
def run_due(now: datetime) -> int:
    """Where an engine lives in this process it is called; elsewhere this is what runs probes."""
    return 0 if loop.call_engine() else run_once(now)


@sweep("probes.fold", title="Add up minutes into hours and hours into days")
def fold(now: datetime) -> int:
    return folding.fold(now)


@sweep("probes.recount", title="Count anew what was under maintenance")
def recount(now: datetime) -> int:
    return recounting.recount(now)


@sweep("probes.prune", title="Forget results that are past their time")
def prune(now: datetime) -> int:
    return pruning.prune(now)


@sweep("probes.notify", title="Tell of certificates and domains that end soon")
def notify(now: datetime) -> int:
    return endings.notify(now)
