"""Pings into runs: pure rules over rows in memory, no database.

A start opens a run. An end closes the run with its run id; one without an id closes the newest open run; one that fits nothing
is a run of which only the end is known. Runs overlap freely, and an older one that hangs stays visible.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitoring.heartbeats.models import Ping, Run
from monitoring.heartbeats.states import OPEN, Kind, Outcome

TAIL = 4_000
"""Characters of the last ping's body that a run keeps."""
REPEATED = timedelta(minutes=10)
"""An end that comes again with the same run id so soon is the client's retry, not another run."""


def told(ping: Ping, runs: list[Run], memory: timedelta) -> Run | None:
    """Fold one ping into `runs` (the open ones, and closed ones of the same run id, oldest first), which it may extend.

    Returns the run it opened or ended; None when it changes none. Open runs that started over `memory` before are unrelated.
    """
    if ping.taken in (Kind.LOG, Kind.IGNORED):
        return None
    related = [run for run in runs if _related(run, ping, memory)]
    run = _opened(ping, related) if ping.taken == Kind.START else _ended(ping, related)
    if run and run not in runs:
        runs.append(run)
    return run


def is_open(run: Run) -> bool:
    return run.outcome in OPEN


def _related(run: Run, ping: Ping, memory: timedelta) -> bool:
    if is_open(run):
        return run.started_at is not None and ping.at - run.started_at <= memory
    return run.rid is not None and run.rid == ping.rid and _soon(run.finished_at, ping.at)


def _soon(before: datetime | None, after: datetime) -> bool:
    return before is not None and abs(after - before) <= REPEATED


def _opened(ping: Ping, related: Sequence[Run]) -> Run | None:
    if ping.rid and any(run.rid == ping.rid for run in related):
        return None  # told twice, or overtaken by its own end
    return Run(
        heartbeat_id=ping.heartbeat_id,
        opened_by=ping.pk,
        rid=ping.rid,
        started_at=ping.at,
        outcome=Outcome.RUNNING,
        overlapped=any(is_open(run) for run in related),
    )


def _ended(ping: Ping, related: Sequence[Run]) -> Run | None:
    outcome = Outcome.SUCCESS if ping.taken == Kind.SUCCESS else Outcome.FAIL
    run = _meant(ping, related)
    if run is None:
        run = Run(heartbeat_id=ping.heartbeat_id, opened_by=ping.pk, rid=ping.rid)
    elif run.outcome == outcome:
        return None  # the same end told twice
    if run.started_at and run.started_at <= ping.at and run.rid == ping.rid:
        run.seconds = (ping.at - run.started_at).total_seconds()
    run.finished_at, run.outcome, run.exit_status = ping.at, outcome, ping.exit_status
    run.output = ping.body[-TAIL:]
    return run


def _meant(ping: Ping, related: Sequence[Run]) -> Run | None:
    """The run whose end this is."""
    if ping.rid:
        return next((run for run in related if run.rid == ping.rid), None)
    still = [run for run in reversed(related) if is_open(run)]
    return next((run for run in still if run.rid is None), still[0] if still else None)
