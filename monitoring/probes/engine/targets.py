"""Configurations made ready to run, remembered until a probe is changed."""

import logging
from collections.abc import Collection

from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Talk, Target, kinds
from monitoring.probes.models import Probe
from monitoring.probes.votes import Quorum

log = logging.getLogger(__name__)
_MOST = 50_000
_READ = ("kind", "config", "secrets", "revision", "timeout", "regions", "quorum")


class Targets:
    """By probe and revision. Reading and decrypting a configuration costs more than the probe's run.

    At home, a probe that regions ask has their quorum for a target.
    """

    def __init__(self, region: str = "") -> None:
        self._is_home = not region
        self.has_quorums = False  # else nobody need look which they are
        self._known: dict[int, tuple[int, Target | Talk | Quorum]] = {}

    def prepare(self, runs: Collection[Run]) -> None:
        """Give each run its target; one that cannot be made leaves the reason in the run's answer."""
        wanted = [run for run in runs if not self._take(run)]
        if not wanted:
            return
        if len(self._known) > _MOST:
            self._known.clear()
        rows = Probe.objects.only(*_READ).in_bulk([run.probe_id for run in wanted])
        for run in wanted:
            self._make(run, rows.get(run.probe_id))

    def _take(self, run: Run) -> bool:
        revision, target = self._known.get(run.probe_id, (0, None))
        run.target = target if revision == run.revision else None
        return run.target is not None

    def _make(self, run: Run, row: Probe | None) -> None:
        if row is None:
            run.answer.ours = "The probe was deleted."
            return
        try:
            run.target = self._target(row)
        except Exception as error:
            log.exception("probe %s could not be prepared", run.probe_id)
            run.answer.ours = f"The console could not prepare this probe: {error}"
            return
        self._known[run.probe_id] = (row.revision, run.target)

    def _target(self, row: Probe) -> Target | Talk | Quorum:
        if self._is_home and row.regions:
            self.has_quorums = True
            return Quorum(row.needed)
        return kinds[row.kind].target(row.config, row.secrets, float(row.timeout))
