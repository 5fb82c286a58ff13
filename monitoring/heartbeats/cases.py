"""One heartbeat in the hands of the sweep: what it sent and what its silence means, applied to its row and its runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitoring.catalogue.states import Status
from monitoring.heartbeats import judgement
from monitoring.heartbeats.judgement import Finding, Listening
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.readings import read
from monitoring.heartbeats.runs import is_open, told
from monitoring.heartbeats.services.statuses import status_set
from monitoring.heartbeats.states import Kind, Outcome

RECENT = 20
"""Durations kept in a heartbeat's row, for the small picture in lists."""
MOST_OPEN = 50
"""A job that starts and never ends keeps this many open runs; older ones are given up."""
_NEVER_MISSED_WITHIN = timedelta(seconds=60)


@dataclass
class Case:
    """`runs` are its open runs and those that a waiting ping names, oldest first; `changed` is what must be written of them.

    Changes of state are recorded as they are found; the rows are kept by the caller, in the same transaction.
    """

    heartbeat: Heartbeat
    runs: list[Run]
    listening: Listening
    now: datetime
    changed: list[Run] = field(default_factory=list)
    not_before: datetime | None = None

    def tell(self, ping: Ping) -> None:
        """Fold one ping."""
        beat = self.heartbeat
        said = read(beat, ping)
        ping.meant = "" if said.kind == ping.kind else said.kind
        if run := told(ping, self.runs, beat.plan.memory):
            self._change(run)
        if said.kind in (Kind.START, Kind.LOG, Kind.IGNORED):
            return
        if said.progress:
            beat.progress, beat.progress_seen = said.progress, said.seen
        if run:
            run.metrics = said.figures or None
            run.reason = said.why[:300] if said.kind == Kind.FAIL else ""
        self._missed_before(ping)
        if run and run.seconds is not None:
            beat.recent_seconds = [*beat.recent_seconds, round(run.seconds, 3)][-RECENT:]
        beat.last_ping_at = beat.counted_from = ping.at
        beat.expected_at = None
        self._report(judgement.reported(ping, said.why))
        beat.last_outcome = Outcome.SUCCESS if said.kind == Kind.SUCCESS else Outcome.FAIL

    def judge(self) -> None:
        """Apply what silence and long runs mean by now; what is still open then is looked at again in a moment."""
        self.not_before = self.now + judgement.AGAIN
        self._end_pause()
        self._silence(self.listening, self.now)
        for run in self.runs:
            if finding := judgement.too_long(run, self.heartbeat, self.listening, self.now):
                self._end(run, Outcome.LONG)
                self._apply(finding, Outcome.LONG)
            if judgement.forgotten(run, self.heartbeat.plan, self.now):
                self._end(run, Outcome.LOST)

    def follow_clock(self) -> None:
        """The clock was set back: what lies ahead of it counts from now, and runs begun then are given up."""
        beat = self.heartbeat
        if beat.counted_from and beat.counted_from > self.now:
            beat.last_ping_at = beat.counted_from = self.now
            beat.expected_at = None
        for run in self.runs:
            if run.started_at and run.started_at > self.now:
                self._end(run, Outcome.LOST)

    def settle(self) -> None:
        """Bring the row's own times in line with what was found."""
        beat, still = self.heartbeat, [run for run in self.runs if is_open(run)]
        for run in still[:-MOST_OPEN]:
            self._end(run, Outcome.LOST)
        if beat.expected_at is None and beat.counted_from:
            beat.expected_at = beat.plan.expected_after(beat.counted_from)
        still = still[-MOST_OPEN:]
        beat.running_since = min((run.started_at for run in still if run.started_at), default=None)
        due = judgement.look_again(beat, still)
        beat.due_at = max(due, self.not_before) if due and self.not_before else due

    def _missed_before(self, ping: Ping) -> None:
        """A silence that was over when this ping came, though nobody was there to judge it then."""
        beat, last = self.heartbeat, self.heartbeat.counted_from
        long_ago = last and ping.at - last > beat.grace + _NEVER_MISSED_WITHIN
        if (
            beat.expected_at is None and last and long_ago
        ):  # a cron expression costs 0.1 ms: not at every ping
            beat.expected_at = beat.plan.expected_after(last)
        self._silence(Listening(ping.at, self.listening.gaps, self.listening.where), ping.at)

    def _silence(self, listening: Listening, moment: datetime) -> None:
        """What silence meant by `moment`; after a gap of ours the next expected time is judged as well."""
        while finding := judgement.overdue(self.heartbeat, listening, moment):
            self._apply(finding, Outcome.MISSED)
            if finding.missed:
                beat = self.heartbeat.pk
                self._change(Run(heartbeat_id=beat, outcome=Outcome.MISSED, finished_at=finding.at))
            if finding.over:
                self.heartbeat.counted_from = self.heartbeat.expected_at = None
            if finding.expected_at is None:
                return
            self.heartbeat.expected_at = finding.expected_at

    def _report(self, finding: Finding) -> None:
        """A report; it ends a pause where the heartbeat is told to let it."""
        beat = self.heartbeat
        if beat.is_paused and beat.ping_resumes and finding.at >= beat.status_since:
            self._leave_pause(finding)
        self._apply(finding)

    def _end_pause(self) -> None:
        """A pause that is over leads to what was reported before and meanwhile; what is unknown is counted anew."""
        beat, end = self.heartbeat, self.heartbeat.paused_until
        if not beat.is_paused or end is None or end > self.now:
            return
        finding = judgement.after_pause(beat, end)
        if finding.status == Status.UNKNOWN and beat.last_ping_at:
            beat.counted_from, beat.expected_at = end, None
        self._leave_pause(finding)

    def _leave_pause(self, finding: Finding) -> None:
        if finding.status:
            status_set(self.heartbeat, finding.status, at=finding.at, reason=finding.reason, now=self.now)
            self.heartbeat.paused_until, self.heartbeat.paused_by = None, ""

    def _apply(self, finding: Finding, cause: Outcome | None = None) -> None:
        """`cause` is what took it down, unless a ping did."""
        beat, now = self.heartbeat, self.now
        if finding.status is None or beat.is_paused:
            return
        moved = status_set(beat, finding.status, at=finding.at, reason=finding.reason, now=now)
        if not moved and finding.status == beat.status:
            beat.status_reason = finding.reason  # it failed again: the newest reason is the one to read
        if cause and finding.status == beat.status == Status.DOWN:
            beat.last_outcome = cause

    def _end(self, run: Run, outcome: Outcome) -> None:
        run.outcome = outcome
        self._change(run)

    def _change(self, run: Run) -> None:
        if not any(run is known for known in self.changed):
            self.changed.append(run)
