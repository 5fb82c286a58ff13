"""Count the votes of the regions, as a run of the probe itself: what they say together is judged and written like an answer."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from monitoring.catalogue.states import Status
from monitoring.probes.ballots import Seen, ballot, seen_of
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Answer, Verdict
from monitoring.probes.states import judge
from monitoring.probes.votes import EVERY, Ballot, Quorum, outcome
from opsconsole.lib.moments import to_ms

_NEVER = 1_000_000  # results in a row: what is not confirmed in the regions is not confirmed here


def is_poll(run: Run) -> bool:
    return isinstance(run.target, Quorum)


def count(runs: Collection[Run], now: int) -> None:
    """Judge runs of probes that regions ask; one query. `now` is milliseconds since 1970."""
    if not runs:
        return
    seen = defaultdict[int, list[Seen]](list)
    for one in seen_of([run.probe_id for run in runs]):
        seen[one.probe_id].append(one)
    for run in runs:
        _take_certificate(run, seen[run.probe_id])
        _judge(run, [ballot(one, run.rules, now) for one in seen[run.probe_id]], now)


def _take_certificate(run: Run, seen: list[Seen]) -> None:
    """A region may have read it since this run was claimed."""
    for one in seen[:1]:
        expires, at = one.probe__certificate_expires_at, one.probe__certificate_seen_at
        run.certificate_expires_at = to_ms(expires) if expires else None
        run.certificate_seen_at = to_ms(at) if at else None


def _judge(run: Run, ballots: list[Ballot], now: int) -> None:
    """Regions have seen to it that enough results in a row confirm it: here it counts at once, or not yet at all.

    Unknown must be found twice: when everything was stopped, regions take a moment to report.
    """
    assert isinstance(run.target, Quorum)
    said = outcome(ballots, run.target.needed)
    needed = (2 if said.grade == Status.UNKNOWN else 1) if said.sure else _NEVER
    run.at, run.verdict = now, Verdict(said.grade, said.reason)
    run.answer = Answer(code=said.code or 0, ms=said.ms or 0, error=0 if said.ms is not None else 1)
    pace = min(run.rules.interval, EVERY)
    run.rules = replace(run.rules, interval=pace, failure_threshold=needed, recovery_threshold=needed)
    run.change = judge(run.rules, run.standing, said.grade, now)
