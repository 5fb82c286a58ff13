"""Badges are public, so that none exists until somebody makes it; its key opens nothing else, and goes with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from monitoring.catalogue.maintenance import maintained
from monitoring.heartbeats import badges
from monitoring.heartbeats.models import Badge, Heartbeat
from monitoring.heartbeats.standing import standing
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require

ALL = "jobs"


@transaction.atomic
def badge_make(*, actor: Actor, heartbeat: Heartbeat | None) -> Badge:
    """The badge of one heartbeat, or of all of them together; the same one if it is there."""
    require(actor, Role.MANAGER)
    return Badge.objects.get_or_create(heartbeat=heartbeat)[0]


@transaction.atomic
def badge_remove(*, actor: Actor, heartbeat: Heartbeat | None) -> None:
    """Its addresses answer no more; the next one has another key."""
    require(actor, Role.MANAGER)
    Badge.objects.filter(heartbeat=heartbeat).delete()


def badge_read(key: UUID, states: int, now: datetime) -> badges.Badge | None:
    """What the badge of a key shows now; None for an unknown key, and for a heartbeat that was removed."""
    found = Badge.objects.select_related("heartbeat").filter(key=key, heartbeat__removed_at=None).first()
    if not found:
        return None
    beats = [found.heartbeat] if found.heartbeat else list(Heartbeat.objects.live())
    label = found.heartbeat.name if found.heartbeat else ALL
    kept = maintained(now)
    return badges.badge(label, [standing(beat, now, kept) for beat in beats], states)


@dataclass(frozen=True)
class Shown:
    """A badge as a page shows it: its picture and its addresses."""

    picture: str
    svg: str
    others: list[str]


def badge_shown(heartbeat: Heartbeat | None) -> Shown | None:
    found = Badge.objects.filter(heartbeat=heartbeat).first()
    if not found:
        return None
    paths = [reverse(f"badges:{form}", args=[3, found.key]) for form in ("svg", "json", "shields")]
    svg, *others = (settings.OPSCONSOLE_URL + path for path in paths)
    return Shown(paths[0], svg, others)
