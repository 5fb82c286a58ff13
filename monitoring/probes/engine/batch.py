"""Everything that is due, once and at once: for tests, for `manage.py sweep`, and for very small machines."""

from datetime import datetime

from django.conf import settings

from monitoring.probes.engine.network import Network
from monitoring.probes.engine.online import Gate
from monitoring.probes.engine.polls import count, is_poll
from monitoring.probes.engine.posts import post
from monitoring.probes.engine.record import judge_run
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.targets import Targets
from opsconsole.lib.http.guard import networks
from opsconsole.lib.moments import to_ms

AT_ONCE = 200


def run_once(now: datetime, *, gate: Gate | None = None, region: str = "") -> int:
    """Run every probe that is due at `now` once and write what came of it; returns how many were written. `region`: as its
    worker would."""
    network = Network(networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)))
    gate, targets, here, at, written = gate or Gate(), Targets(region), post(region), to_ms(now), 0
    try:
        while claimed := here.book().claim(now=at, horizon=at, limit=AT_ONCE):
            targets.prepare(claimed)
            polls = [run for run in claimed if is_poll(run)]
            done = _carry(network, [run for run in claimed if not is_poll(run)], at)
            gate.sift(done, at)
            for run in done:
                judge_run(run)
            count(polls, at)
            written += len(here.write([*done, *polls], at))
    finally:
        network.close()
    return written


def _carry(network: Network, runs: list[Run], at: int) -> list[Run]:
    done = [run for run in runs if run.target is None]
    for run in runs:
        if run.target is not None:
            network.start(run, at)
        run.at = at
    while len(done) < len(runs):
        done += network.poll(1.0)
    return done
