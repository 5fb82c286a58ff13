"""Removing a heartbeat, and taking that back."""

from datetime import datetime

from django.db import transaction

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services.pauses import heartbeat_resume
from monitoring.heartbeats.services.statuses import held, status_set
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.slugs import free_slug


@transaction.atomic
def heartbeat_remove(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """It is gone for everybody, its address too; `heartbeat_restore` brings it back until it is pruned."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    status_set(beat, Status.PAUSED, at=now, reason=f"Removed by {actor}.", now=now)
    beat.removed_at, beat.changed_at, beat.due_at = beat.removed_at or now, now, None
    beat.save()
    return beat


@transaction.atomic
def heartbeat_restore(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """As it was, and as if resumed; under another short name when its own was taken meanwhile."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    if beat.removed_at is None:
        return beat
    others = Heartbeat.objects.live()
    if others.filter(slug=beat.slug).exists():
        beat.slug = free_slug(beat.slug, others, instead="job")
    beat.removed_at, beat.changed_at = None, now
    beat.save()
    return heartbeat_resume(actor=actor, heartbeat=beat, now=now)
