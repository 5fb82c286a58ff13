"""What people do with silences. Each has an end, an author and a reason, as maintenance has (windows.py)."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.joining import SWEEP
from monitoring.alerts.matching import BadMatcher, parse, stored
from monitoring.alerts.models import Group, Silence
from monitoring.catalogue.services import SWEEP as CHANGES
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib.nudges import nudge

LONGEST_SILENCE = timedelta(days=30)


@transaction.atomic
def silence_create(*, actor: Actor, matchers: str, reason: str, lasts: timedelta, now: datetime) -> Silence:
    """From now on. Raises ValidationError, by field, for what is no matcher, no reason, or over 30 days."""
    require(actor, Role.RESPONDER)
    reasoned(reason)
    if not timedelta() < lasts <= LONGEST_SILENCE:
        raise ValidationError({"lasts": "A silence lasts 30 days at the most."})
    try:
        rows = stored(parse(matchers))
    except BadMatcher as error:
        raise ValidationError({"matchers": str(error)}) from None
    return Silence.objects.create(
        matchers=rows,
        reason=reason.strip(),
        author=person(actor),
        signature=str(actor)[:100],
        starts_at=now,
        ends_at=now + lasts,
    )


@transaction.atomic
def silence_end(*, actor: Actor, silence: Silence, now: datetime) -> None:
    """What still fires is told now."""
    require(actor, Role.RESPONDER)
    Silence.objects.filter(pk=silence.pk, ends_at__gt=now).update(ends_at=now)
    look_again(now)


def reasoned(reason: str) -> None:
    """Raises ValidationError for none."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why, for whoever wonders that nobody was told."})


def look_again(now: datetime) -> None:
    """Something is muted no longer: what is left of it is told."""
    Group.objects.filter(closed_at=None).update(look_at=now)
    nudge(SWEEP)
    nudge(CHANGES)
