"""Is a job late, does a run take too long, or were we deaf? Pure rules over fields and one `now`.

Down is said only of a time through which the listener is known to have lived: a ping that we may have lost ourselves makes the
state unknown until the next one should come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.runs import is_open
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.states import Kind, Outcome
from opsconsole.lib import durations
from opsconsole.lib.calendars import zone

SLACK = timedelta(seconds=2)
"""A ping may still be on its way from the socket to the table."""
EARLY = timedelta(minutes=5)
"""Jobs come a little before their time; a gap that ended just before it may have swallowed one."""
SILENCE = timedelta(seconds=60)
AGAIN = timedelta(seconds=2)
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Gap:
    """A time in which the listener was not alive."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Listening:
    """Until when the listener is known to have lived, and where it did not; `where` is the zone in which times are told."""

    until: datetime | None
    gaps: tuple[Gap, ...] = ()
    where: ZoneInfo = _UTC

    def lost(self, start: datetime, end: datetime) -> Gap | None:
        """The last gap that touches [start, end]."""
        return next((g for g in reversed(self.gaps) if g.end > start and g.start < end), None)

    def lived(self, moment: datetime) -> bool:
        return self.until is not None and self.until >= moment

    def may_still_tell(self, now: datetime) -> bool:
        """Whether its next beat is only a moment away."""
        return self.until is not None and now - self.until <= SILENCE


@dataclass(frozen=True)
class Finding:
    """A new state from `at` on, and why; None where we cannot tell. `expected_at` when the job is now expected instead; `missed`
    when a run did not come; `over` when none will come any more."""

    status: Status | None
    at: datetime
    reason: str
    expected_at: datetime | None = None
    missed: bool = False
    over: bool = False


def deadline(heartbeat: Heartbeat) -> datetime | None:
    """When silence will make it down; None while it is down, paused, or has never reported."""
    if heartbeat.expected_at is None or heartbeat.status not in (Status.UP, Status.UNKNOWN):
        return None
    return heartbeat.expected_at + heartbeat.grace


def overdue(heartbeat: Heartbeat, listening: Listening, now: datetime) -> Finding | None:
    """What silence means by now; None while it means nothing yet."""
    end, expected, plan = deadline(heartbeat), heartbeat.expected_at, heartbeat.plan
    if end is None or expected is None or now < end + SLACK:
        return None
    told = _Words(listening.where, plan)
    if gap := listening.lost(expected - EARLY, end):
        anew = plan.expected_after(max(gap.end, expected))
        said = told.gap(gap, anew)
        return Finding(Status.UNKNOWN, max(gap.start, expected), said, anew, over=anew is None)
    if listening.lived(end + SLACK):
        return Finding(Status.DOWN, end, told.missed(expected, heartbeat.last_ping_at), missed=True)
    if listening.may_still_tell(now) or heartbeat.status == Status.UNKNOWN:
        return None
    return Finding(Status.UNKNOWN, expected, told.deaf(listening.until))


def too_long(run: Run, heartbeat: Heartbeat, listening: Listening, now: datetime) -> Finding | None:
    """Down from the moment at which an open run passed its longest time; once a run."""
    limit, started = heartbeat.max_run_time, run.started_at
    if not limit or not started or run.outcome != Outcome.RUNNING or now < started + limit + SLACK:
        return None
    end = started + limit
    if listening.lost(started, end):
        return Finding(None, end, "")  # we may have lost its end
    if not listening.lived(end + SLACK):
        return None
    return Finding(Status.DOWN, end, _Words(listening.where, heartbeat.plan).too_long(started, limit))


def forgotten(run: Run, plan: Plan, now: datetime) -> bool:
    """Whether nobody need wait for the end of an open run any more."""
    return is_open(run) and run.started_at is not None and now - run.started_at > plan.memory


def reported(ping: Ping, because: str = "") -> Finding:
    """What an end that was told means; `because` when the rules of the heartbeat made it that."""
    if ping.taken == Kind.SUCCESS:
        return Finding(Status.UP, ping.at, "The job reported success.")
    if because:
        return Finding(Status.DOWN, ping.at, f"Its last run counts as failed: {because}.{_said(ping.body)}")
    why = f"exit status {ping.exit_status}" if ping.exit_status else "it called /fail"
    return Finding(Status.DOWN, ping.at, f"The job reported failure: {why}.{_said(ping.body)}")


def after_pause(heartbeat: Heartbeat, end: datetime) -> Finding:
    """What is known where a pause ends by itself: its last report, made before or meanwhile, while that still holds."""
    last, expected = heartbeat.last_outcome, heartbeat.expected_at
    if last == Outcome.FAIL:
        return Finding(
            Status.DOWN, end, "The pause is over, and the last that the job reported is a failure."
        )
    if last == Outcome.SUCCESS and expected and expected + heartbeat.grace > end:
        return Finding(Status.UP, end, "The pause is over; the job last reported success.")
    return Finding(Status.UNKNOWN, end, "The pause is over; the next ping tells.")


def look_again(heartbeat: Heartbeat, runs: Iterable[Run]) -> datetime | None:
    """When the state may change though nothing is heard; it may have passed."""
    plan = heartbeat.plan
    moments: list[datetime] = []
    if end := deadline(heartbeat):
        moments.append(end + SLACK)
    if heartbeat.is_paused and heartbeat.paused_until:
        moments.append(heartbeat.paused_until)
    for run in runs:
        if is_open(run) and run.started_at:
            moments.append(run.started_at + plan.memory + SLACK)
            if run.outcome == Outcome.RUNNING and plan.max_run_time:
                moments.append(run.started_at + plan.max_run_time + SLACK)
    return min(moments, default=None)


def _said(body: str) -> str:
    """The last lines of what a job wrote, for a message."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    tail = " / ".join(lines[-3:])[-300:]
    return f" It said: “{tail}”" if tail else ""


class _Words:
    """Sentences with times in the schedule's zone, or the team's when the schedule has none."""

    def __init__(self, where: ZoneInfo, plan: Plan) -> None:
        self.plan = plan
        self.where = zone(plan.zone) if plan.is_timed else where

    def at(self, moment: datetime) -> str:
        local = moment.astimezone(self.where)
        return f"{local.day} {local:%b %H:%M %Z}"

    def missed(self, expected: datetime, last: datetime | None) -> str:
        heard = f"last heard {self.at(last)}" if last else "it was never heard"
        grace = durations.words(self.plan.grace)
        return f"Nothing came by {self.at(expected + self.plan.grace)}: due {self.at(expected)}, grace {grace}; {heard}."

    def gap(self, gap: Gap, anew: datetime | None) -> str:
        then = f"the next is expected {self.at(anew)}" if anew else "its schedule has no further time"
        return (
            f"The console was not listening from {self.at(gap.start)} to {self.at(gap.end)}, so a ping may have been lost;"
            f" {then}."
        )

    def deaf(self, since: datetime | None) -> str:
        when = f" since {self.at(since)}" if since else ""
        return f"The console has not been listening{when}, so pings may be lost."

    def too_long(self, started: datetime, limit: timedelta) -> str:
        return f"The run that started {self.at(started)} is still going after {durations.words(limit)}, its longest time."
