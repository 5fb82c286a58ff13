"""Runs of the jobs: nearly always well, sometimes slow, and as failed or missing as the outages say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from maintenance.setup.sample.company import JOBS, Job
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.states import Kind, Outcome
from opsconsole.lib.calendars import cron_after

PINGS_KEPT = timedelta(days=14)


def write(world: World, outages: Sequence[Outage]) -> None:
    found = []
    for job in JOBS:
        heartbeat = world.heartbeats[job.name]
        troubles = {one.due: one for one in outages if one.case.job == job.name}
        runs = list(_runs(world, job, heartbeat, troubles))
        _settle(world, heartbeat, runs)
        found += runs
    found.sort(key=_ended)  # their ids tell which is newer
    Run.objects.bulk_create(found, batch_size=1000)
    Ping.objects.bulk_create(
        _ping(run) for run in found if run.seconds and world.now - _ended(run) < PINGS_KEPT
    )


def _ended(run: Run) -> datetime:
    assert run.finished_at
    return run.finished_at


def _ping(run: Run) -> Ping:
    kind = Kind.SUCCESS if run.outcome == Outcome.SUCCESS else Kind.FAIL
    said = {"exit_status": run.exit_status, "body": run.output, "ua": "curl/8.5.0", "ip": "203.0.113.24"}
    return Ping(heartbeat=run.heartbeat, at=_ended(run), kind=kind, method="POST", folded=True, **said)


def _runs(
    world: World, job: Job, heartbeat: Heartbeat, troubles: Mapping[datetime | None, Outage]
) -> Iterator[Run]:
    for due in job.dues([*world.dates, world.today], world.zone):
        seconds = job.seconds * world.dice.lognormvariate(0, 0.15)
        trouble, end = troubles.get(due), due + timedelta(seconds=seconds)
        if trouble:
            yield _bad(heartbeat, trouble)
            end = trouble.end or world.now  # somebody ran it again, or has not yet
        if end < world.now:
            yield _run(heartbeat, end, seconds)


def _run(heartbeat: Heartbeat, end: datetime, seconds: float) -> Run:
    return Run(
        heartbeat=heartbeat,
        started_at=end - timedelta(seconds=seconds),
        finished_at=end,
        outcome=Outcome.SUCCESS,
        exit_status=0,
        seconds=round(seconds, 1),
        output=f"done in {seconds:.0f} s\n",
    )


def _bad(heartbeat: Heartbeat, trouble: Outage) -> Run:
    if trouble.missed or trouble.due is None:
        return Run(heartbeat=heartbeat, finished_at=trouble.start, outcome=Outcome.MISSED)
    return Run(
        heartbeat=heartbeat,
        started_at=trouble.due,
        finished_at=trouble.start,
        outcome=Outcome.FAIL,
        exit_status=1,
        seconds=(trouble.start - trouble.due).total_seconds(),
        output=f"{trouble.case.reason}\n",
    )


def _settle(world: World, heartbeat: Heartbeat, runs: Sequence[Run]) -> None:
    """What its last runs left; its state comes with the changes of state."""
    expected = cron_after(heartbeat.cron, heartbeat.zone, world.now)
    for last in runs[-1:]:
        heartbeat.last_ping_at = heartbeat.counted_from = last.finished_at
        heartbeat.last_outcome = last.outcome
    done = [run.seconds for run in runs[-30:] if run.seconds and run.outcome == Outcome.SUCCESS]
    heartbeat.recent_seconds = done
    heartbeat.expected_at = expected
    heartbeat.due_at = expected + heartbeat.grace
    heartbeat.save()


def reason(trouble: Outage) -> str:
    """As the console writes it."""
    if trouble.missed:
        return "Nothing came by the end of the grace."
    return f"The job reported failure: exit status 1. It said: “{trouble.case.reason}”"
