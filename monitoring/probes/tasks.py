"""Sweeps of probes."""

from datetime import datetime

from monitoring.probes.engine import loop
from monitoring.probes.engine.batch import run_once
from opsconsole.lib.sweeps import sweep


@sweep("probes.run_due", title="Run probes that are due")
def run_due(now: datetime) -> int:
    """Where an engine lives in this process it needs no help; elsewhere this is what runs probes."""
    return 0 if loop.ensure_alive() else run_once(now)
