"""How a heartbeat stands as people read it: its stored status, and what the times beside it add. Pure, with one `now`."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.states import Outcome
from opsconsole.lib.durations import rough

UNJUDGED = timedelta(minutes=1)
"""Longer than a sweep that lives leaves a heartbeat unjudged."""


@dataclass(frozen=True)
class Standing:
    """A word with its tone, and a sentence about the job by name."""

    tone: str
    word: str
    sentence: str


def standing(beat: Heartbeat, now: datetime, kept: Container[int] = ()) -> Standing:
    """`kept` are the services under maintenance now."""
    if is_maintained(beat, kept):
        return Standing("maintained", "Maintenance", f"{beat.name} is under maintenance")
    return _told(beat, now)


def _told(beat: Heartbeat, now: datetime) -> Standing:
    name = beat.name
    match beat.status:
        case Status.PAUSED:
            return Standing("unknown", "Paused", f"{name} is paused: nobody hears when it fails")
        case Status.DOWN:
            return _down(beat, now)
        case Status.UNKNOWN if beat.last_ping_at is None:
            return Standing("unknown", "New", f"{name} waits for its first ping")
        case Status.UNKNOWN:
            return Standing("unknown", "Not measured", f"We cannot tell whether {name} ran")
    if is_unjudged(beat, now):
        return Standing("unknown", "Not measured", f"The console has not looked at {name} in time")
    return _up(beat, now)


def _down(beat: Heartbeat, now: datetime) -> Standing:
    since = rough(max(timedelta(), now - beat.status_since))
    if beat.last_outcome == Outcome.FAIL and beat.is_stuck:
        return Standing("bad", "Stuck", f"{beat.name} runs, but gets nowhere")
    if beat.last_outcome == Outcome.FAIL:
        return Standing("bad", "Failed", f"{beat.name} failed {since} ago")
    if beat.last_outcome == Outcome.LONG:
        return Standing("bad", "Too long", f"{beat.name} runs longer than it may")
    return Standing("bad", "Missed", f"{beat.name} has not reported: it is {since} overdue")


def _up(beat: Heartbeat, now: datetime) -> Standing:
    if is_late(beat, now) and beat.expected_at:
        span = rough(now - beat.expected_at)
        left = "" if now >= beat.expected_at + beat.grace else ", within its grace"
        return Standing("look", "Late", f"{beat.name} is {span} late{left}")
    if beat.expected_at is None and beat.plan.calendar:
        return Standing("ok", "Done", f"{beat.name} has run, and its schedule has no further time")
    if beat.running_since:
        return Standing("ok", "Running", f"{beat.name} is running")
    return Standing("ok", "On time", f"{beat.name} is on time")


def is_maintained(beat: Heartbeat, kept: Container[int]) -> bool:
    """Whether its service is among those that are maintained, and it is heard at all."""
    return beat.service_id in kept and beat.status != Status.PAUSED


def is_unjudged(beat: Heartbeat, now: datetime) -> bool:
    """Whether it was up when it was last judged, and should have been judged again since."""
    return beat.status == Status.UP and beat.due_at is not None and beat.due_at < now - UNJUDGED


def is_late(beat: Heartbeat, now: datetime) -> bool:
    """Expected before now, and still within its grace."""
    return beat.status == Status.UP and beat.expected_at is not None and beat.expected_at < now
