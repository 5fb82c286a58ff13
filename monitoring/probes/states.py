"""When a probe's status changes, and what the time between two results was. Pure rules; all times in milliseconds.

A result says what holds until the next one. Time is added up only when it is settled: that of a failure which is not yet
confirmed waits, and is down from the first failing result once it is confirmed, or up when the next result disproves it. So
uptime does not depend on how often a probe asks, and a blip that never was an outage does not lower it.

    status      result        becomes it after … equal results in a row
    any         down          failure_threshold
    any         unknown       failure_threshold
    unknown     up, degraded  one
    up          degraded      failure_threshold
    down        up, degraded  recovery_threshold (up and slow count together)
    degraded    up            recovery_threshold

A gap, longer than two intervals and a time-out without a result, ends a row and is not measured at all; what of it was under
maintenance is maintenance all the same, for that was planned, not measured.
"""

from dataclasses import dataclass

from monitoring.catalogue.states import Status

CODES = {Status.UP: 0, Status.DEGRADED: 1, Status.DOWN: 2, Status.UNKNOWN: 3}
_PASSES = (Status.UP, Status.DEGRADED)
_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Rules:
    """How a probe is judged: times in milliseconds, thresholds in results."""

    interval: int
    retry_interval: int
    timeout: int
    failure_threshold: int
    recovery_threshold: int

    @property
    def reach(self) -> int:
        """How long a result may speak for."""
        return 2 * self.interval + self.timeout


@dataclass(slots=True)
class Standing:
    """What is known of a probe before or after a result. `outcome` is "" before the first one."""

    status: Status = Status.UNKNOWN
    status_since: int | None = None
    outcome: Status | str = ""
    streak: int = 0
    streak_since: int | None = None
    last_at: int | None = None
    settled_until: int | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the last result contradicts the status on up or down, and waits for the next to confirm it."""
        if self.status == Status.DOWN:
            return self.outcome in _PASSES
        return self.outcome == Status.DOWN


Span = tuple[Status, int, int]


@dataclass(slots=True)
class Change:
    """What one result brings: the new standing, time that is settled by it, and the status it ends, if it does.

    `unseen` is the gap before it, in which nobody asked.
    """

    standing: Standing
    spans: list[Span]
    old: Status | None = None
    unseen: tuple[int, int] | None = None


def judge(rules: Rules, was: Standing, grade: Status, at: int) -> Change:
    """Take one result, `grade` at `at`, into account."""
    gap = was.last_at is None or not 0 <= at - was.last_at <= rules.reach
    same = not gap and _kind(was.outcome, was.status) == _kind(grade, was.status)
    streak, since = (was.streak + 1, was.streak_since) if same and was.streak_since is not None else (1, at)
    moves = grade != was.status and streak >= _needed(rules, was.status, grade)
    now = Standing(was.status, was.status_since, grade, streak, since, at, was.settled_until)
    if moves:
        now.status, now.status_since = grade, since
    spans = _lost(was) if gap else _settled(was, now, same, moves)
    if gap or spans:
        now.settled_until = _forward(was.settled_until, at)
    unseen = _unseen(was, at) if gap else None
    return Change(now, [span for span in spans if span[1] < span[2]], was.status if moves else None, unseen)


def _kind(grade: Status | str, status: Status) -> Status | str:
    """Seen from down, slow is as good as up."""
    return Status.UP if status == Status.DOWN and grade in _PASSES else grade


def _needed(rules: Rules, status: Status, grade: Status) -> int:
    if grade in (Status.DOWN, Status.UNKNOWN):
        return rules.failure_threshold
    if status == Status.UNKNOWN:
        return 1
    return rules.failure_threshold if status == Status.UP else rules.recovery_threshold


def _settled(was: Standing, now: Standing, same: bool, moves: bool) -> list[Span]:
    """The time between the last result and this one, with what waited before it."""
    start, end = was.settled_until, now.last_at
    if start is None or end is None:
        return []
    if not was.is_pending:
        return [(Status(was.outcome), start, end)]
    if same:
        return [(now.status, start, end)] if moves else []
    if now.outcome == Status.UNKNOWN:
        return [(Status.UNKNOWN, start, end)]
    return [(Status.DOWN if was.status == Status.DOWN else Status.UP, start, end)]


def _lost(was: Standing) -> list[Span]:
    """Over a gap nothing is confirmed any more: what waited was not measured."""
    if not was.is_pending or was.settled_until is None or was.last_at is None:
        return []
    return [(Status.UNKNOWN, was.settled_until, was.last_at)]


def _unseen(was: Standing, at: int) -> tuple[int, int] | None:
    if was.last_at is None:
        return None
    start = max(was.last_at, was.settled_until or 0)
    return (start, at) if start < at else None


def _forward(settled: int | None, at: int) -> int:
    """Settled time only grows, so that none is counted twice; unless the clock was set back by hours."""
    return at if settled is None or settled - at > _HOUR else max(settled, at)


def phase(probe_id: int, interval: int) -> int:
    """A probe's own place within the interval: the golden ratio spreads any number of probes evenly."""
    return (probe_id * 2_654_435_769 % 2**32) * interval >> 32


def next_run(rules: Rules, probe_id: int, now: Standing, after: int) -> int:
    """The next time on the probe's own grid after `after`; sooner while a result waits for confirmation."""
    grid = after - (after - phase(probe_id, rules.interval)) % rules.interval + rules.interval
    return min(grid, after + rules.retry_interval) if now.is_pending else grid


def keeps_failure(now: Standing, was: Standing, reason: str, last_reason: str) -> bool:
    """Which failing answers are kept with their body: the first five of a row, each new reason, one a quarter of an hour."""
    if now.streak <= 5 or reason != last_reason or was.last_at is None or now.last_at is None:
        return True
    return now.last_at // 900_000 != was.last_at // 900_000
