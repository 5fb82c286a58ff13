"""Runs of the jobs: nearly always well, sometimes slow, now and then failed."""

from collections.abc import Iterator
from datetime import timedelta

from maintenance.setup.sample.company import JOBS
from maintenance.setup.sample.world import World
from monitoring.heartbeats.models import Heartbeat, Run
from monitoring.heartbeats.states import Outcome
from opsconsole.lib.calendars import cron_after

USUAL = {name: seconds for name, *_, seconds in JOBS}
HOURLY_DAYS = 60  # an hourly job's runs fill a table without saying more


def write(world: World) -> None:
    for heartbeat in world.heartbeats:
        runs = list(_runs(world, heartbeat))
        Run.objects.bulk_create(runs, batch_size=1000)
        _settle(world, heartbeat, runs)


def _runs(world: World, heartbeat: Heartbeat) -> Iterator[Run]:
    hourly = heartbeat.cron.startswith("0 * ")
    at = world.now - timedelta(days=HOURLY_DAYS) if hourly else world.start
    while (at := cron_after(heartbeat.cron, heartbeat.zone, at)) < world.now:
        seconds = USUAL[heartbeat.name] * world.dice.lognormvariate(0, 0.15)
        failed = world.dice.random() < 0.004
        if at + timedelta(seconds=seconds) < world.now:
            yield Run(
                heartbeat=heartbeat,
                started_at=at,
                finished_at=at + timedelta(seconds=seconds),
                outcome=Outcome.FAIL if failed else Outcome.SUCCESS,
                exit_status=1 if failed else 0,
                seconds=round(seconds, 1),
                output="No space left on device\n" if failed else f"done in {seconds:.0f} s\n",
            )


def _settle(world: World, heartbeat: Heartbeat, runs: list[Run]) -> None:
    """The job's present state, as its last run left it."""
    last = runs[-1] if runs else None
    expected = cron_after(heartbeat.cron, heartbeat.zone, world.now)
    heartbeat.last_ping_at = heartbeat.counted_from = last.finished_at if last else None
    heartbeat.last_outcome = last.outcome if last else ""
    heartbeat.recent_seconds = [run.seconds for run in runs[-30:]]
    heartbeat.expected_at = expected
    heartbeat.due_at = expected + heartbeat.grace
    heartbeat.save()
