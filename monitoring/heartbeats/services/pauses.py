"""Pausing a heartbeat, and going on."""

from datetime import datetime, timedelta

from django.db import transaction

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services.statuses import count_from, held, look_again, status_set
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib import durations


@transaction.atomic
def heartbeat_pause(
    *, actor: Actor, heartbeat: Heartbeat, now: datetime, span: timedelta | None = None
) -> Heartbeat:
    """Its pings are still kept as runs, but say nothing about its state until it is resumed, or until `span` is over."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    pause(beat, by=str(actor), span=span, now=now)
    return beat


def pause(beat: Heartbeat, *, by: str, span: timedelta | None, now: datetime) -> None:
    """Pause a row that is held, or let its pause end at another time."""
    beat.paused_by, beat.paused_until = by[:300], now + span if span else None
    reason = f"Paused by {by}{f' for {durations.words(span)}' if span else ''}."
    if not status_set(beat, Status.PAUSED, at=now, reason=reason, now=now):
        beat.status_reason = reason
    beat.due_at = look_again(beat)
    beat.save()


@transaction.atomic
def heartbeat_resume(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """Its state is unknown until the next ping, which is expected counted from now."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    resume(beat, by=str(actor), now=now)
    return beat


def resume(beat: Heartbeat, *, by: str, now: datetime) -> None:
    """End the pause of a row that is held."""
    if status_set(beat, Status.UNKNOWN, at=now, reason=f"Resumed by {by}; the next ping tells.", now=now):
        beat.paused_until, beat.paused_by = None, ""
        count_from(beat, now)
        beat.due_at = look_again(beat)
        beat.save()
