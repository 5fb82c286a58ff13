"""The states of an incident, who may move it where, and its clocks: pure rules over fields and one `now`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import models

from opsconsole.accounts.roles import Role
from opsconsole.lib.durations import rough


class Severity(models.IntegerChoices):
    """From the worst. What each means, and its targets, stands in a SeverityPolicy."""

    P0 = 0, "P0"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class Status(models.TextChoices):
    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"
    MERGED = "merged", "Merged"


LIVE = frozenset({Status.OPEN, Status.ACKNOWLEDGED})
FLAPPING_FROM = 2  # relapses: up, down, up, down
CALM = timedelta(minutes=15)  # a flapping service is believed to be up again after this
REOPEN_WITHIN = timedelta(
    minutes=30
)  # a failure this soon after the console resolved it is the same incident


@dataclass(frozen=True)
class Transition:
    """From which states, to which, and the least role that may do it."""

    sources: frozenset[Status]
    target: Status
    role: Role = Role.RESPONDER


TRANSITIONS = {
    "acknowledge": Transition(frozenset({Status.OPEN}), Status.ACKNOWLEDGED),
    "resolve": Transition(LIVE, Status.RESOLVED),
    "reopen": Transition(frozenset({Status.RESOLVED}), Status.OPEN),
    "merge": Transition(LIVE, Status.MERGED),
}


def may(verb: str, status: str) -> bool:
    """Whether the table has this transition from `status`."""
    return Status(status) in TRANSITIONS[verb].sources


class Timed(Protocol):
    """What the clocks read of an incident."""

    status: str
    impact_start: datetime
    opened_at: datetime
    acknowledge_due_at: datetime
    resolve_due_at: datetime
    update_due_at: datetime | None
    update_minutes: int
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None
    calm_at: datetime | None
    left_at: datetime | None
    relapses: int


_DONE = {"acknowledge": "Acknowledged", "resolve": "Resolved", "update": "Updated"}
_WANTED = {"acknowledge": "Acknowledge", "resolve": "Resolve", "update": "Next update"}


@dataclass(frozen=True)
class Clock:
    """A target: due at a moment, `target` after it began; stopped when it was met or no longer matters."""

    name: str
    due_at: datetime
    target: timedelta
    stopped_at: datetime | None = None

    def is_running(self) -> bool:
        return self.stopped_at is None

    def is_late(self, now: datetime) -> bool:
        return (self.stopped_at or now) > self.due_at

    def tone(self, now: datetime) -> str:
        """Verdict: missed is bad, met is ok, and the last fifth of an hour before a target is look."""
        if self.is_late(now):
            return "bad"
        close = self.is_running() and self.due_at - now <= timedelta(minutes=12)
        return "look" if close else "ok"

    @property
    def label(self) -> str:
        return _WANTED[self.name] if self.is_running() else _DONE[self.name]

    def rest(self, now: datetime) -> str:
        """Completes the label: “within 4 min”, “was due 12 min ago”, “3 min before its target”."""
        span = rough(abs((self.stopped_at or now) - self.due_at))
        if self.is_running():
            return f"was due {span} ago" if self.is_late(now) else f"within {span}"
        return f"{span} {'after' if self.is_late(now) else 'before'} its target"

    def says(self, now: datetime) -> str:
        """“Acknowledge within 4 min”."""
        return f"{self.label} {self.rest(now)}"


def clocks(incident: Timed) -> Iterator[Clock]:
    """The clocks of an incident that is not merged. Updates are wanted while somebody works on it and it still hurts."""
    status = Status(incident.status)
    if status == Status.MERGED:
        return
    acknowledged = incident.acknowledged_at if status != Status.OPEN else None
    due, began = incident.acknowledge_due_at, incident.opened_at
    yield Clock("acknowledge", due, due - began, acknowledged or incident.resolved_at)
    yield Clock("resolve", incident.resolve_due_at, incident.resolve_due_at - began, incident.resolved_at)
    if status == Status.ACKNOWLEDGED and incident.update_due_at and not incident.mitigated_at:
        yield Clock("update", incident.update_due_at, timedelta(minutes=incident.update_minutes))


def next_look(incident: Timed, after: datetime | None = None) -> datetime | None:
    """When the sweep of clocks should look at the incident again; None when nothing runs.

    What ran out before `after` has been dealt with.
    """
    if Status(incident.status) not in LIVE:
        return None
    ahead = [clock.due_at for clock in clocks(incident) if clock.is_running()]
    ahead += [moment for moment in (incident.calm_at, incident.left_at) if moment]
    return min((due for due in ahead if after is None or due >= after), default=None)


def relapses_after(relapses: int, pause: timedelta) -> int:
    """The count of failures in a row that came soon after a recovery, with one more that came after `pause`."""
    return relapses + 1 if pause < CALM else 1


@dataclass(frozen=True)
class Phase:
    """A part of an incident's life with its time box; `state` is done, now or ahead."""

    name: str
    state: str
    start: datetime | None
    end: datetime | None
    box: str


def phases(incident: Timed) -> list[Phase]:
    """Detect, investigate, resolve, review: when each began and ended."""
    merged = Status(incident.status) == Status.MERGED
    resolved = incident.resolved_at
    mitigated = min((at for at in (incident.mitigated_at, resolved) if at), default=None)
    spans = (
        ("Detect", incident.impact_start, incident.acknowledged_at or resolved, "within 15 min"),
        ("Investigate", incident.acknowledged_at, mitigated, "within 1 h"),
        ("Resolve", mitigated, resolved, "within 4 h"),
        ("Review", resolved, None, "within 48 h"),
    )
    return (
        []
        if merged
        else [Phase(name, _state(start, end), start, end, box) for name, start, end, box in spans]
    )


def _state(start: datetime | None, end: datetime | None) -> str:
    if end:
        return "done"
    return "now" if start else "ahead"


def is_flapping(incident: Timed) -> bool:
    return incident.relapses >= FLAPPING_FROM
