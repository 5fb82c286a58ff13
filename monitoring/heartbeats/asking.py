"""What jobs and scripts ask for with the keys of their addresses: a heartbeat of their own, or quiet for a while."""

from datetime import datetime, timedelta
from hmac import compare_digest

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services.heartbeats import heartbeat_create, jobs
from monitoring.heartbeats.services.pauses import pause, resume
from monitoring.heartbeats.services.statuses import held
from opsconsole.accounts.roles import SYSTEM
from opsconsole.accounts.selectors import team

LONGEST_PAUSE = timedelta(days=7)


def heartbeat_provision(*, ping_key: str, slug: str, now: datetime) -> Heartbeat | None:
    """The heartbeat of a slug, made when absent (every day, an hour of grace); None for a wrong key."""
    if not _is_ours(ping_key):
        return None
    there = Heartbeat.objects.live().filter(slug=slug)
    try:
        return there.first() or heartbeat_create(actor=SYSTEM, service=jobs(), name=slug, slug=slug, now=now)
    except (IntegrityError, ValidationError):
        found = there.first()  # two first pings came at once
        if not found:
            raise
        return found


@transaction.atomic
def heartbeat_hush(*, heartbeat: Heartbeat, by: str, span: timedelta, now: datetime) -> bool:
    """Pause until `span` from now, or longer where that was asked before; False where a person paused it without an end."""
    beat = held(heartbeat)
    if beat.is_paused and beat.paused_until is None:
        return False
    if not beat.is_paused or beat.paused_until is None or beat.paused_until < now + span:
        pause(beat, by=by, span=span, now=now)
    return True


@transaction.atomic
def heartbeat_unhush(*, heartbeat: Heartbeat, by: str, now: datetime) -> bool:
    """End a pause that has an end; False where a person paused it without one. Nothing to do for one that is not paused."""
    beat = held(heartbeat)
    if beat.is_paused and beat.paused_until is None:
        return False
    resume(beat, by=by, now=now)
    return True


def heartbeat_named(*, key: str, ping_key: str, slug: str) -> Heartbeat | None:
    """Whom an address means, by its key or by ping key and slug."""
    if key:
        return Heartbeat.objects.live().filter(key=key).first()
    found = Heartbeat.objects.live().filter(slug=slug).first()
    return found if _is_ours(ping_key) else None


def heartbeat_mailed(*, ping_key: str, slug: str) -> Heartbeat | None:
    """Whom the address of a mail means; mail servers write it in small letters."""
    found = Heartbeat.objects.live().filter(slug=slug).first()
    ours = team()
    right = compare_digest(ping_key.lower().encode(), (ours.ping_key if ours else "").lower().encode())
    return found if ours and right else None


def _is_ours(ping_key: str) -> bool:
    ours = team()
    return bool(ours) and compare_digest(ping_key.encode(), (ours.ping_key if ours else "").encode())
