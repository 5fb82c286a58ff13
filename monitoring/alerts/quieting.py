"""What people do with silences and maintenance windows. Each has an end, an author and a reason."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.groups import SWEEP
from monitoring.alerts.matching import BadMatcher, parse, stored
from monitoring.alerts.models import Group, Silence, Window
from monitoring.alerts.recurring import Repeats
from monitoring.catalogue.models import Service
from monitoring.catalogue.services import SWEEP as CHANGES
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.nudges import nudge

LONGEST = timedelta(days=400)
LONGEST_SILENCE = timedelta(days=30)


@transaction.atomic
def silence_create(*, actor: Actor, matchers: str, reason: str, lasts: timedelta, now: datetime) -> Silence:
    """From now on. Raises ValidationError, by field, for what is no matcher, no reason, or over 30 days."""
    require(actor, Role.RESPONDER)
    _reasoned(reason)
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
    _look_again(now)


@transaction.atomic
def window_create(
    *,
    actor: Actor,
    reason: str,
    services: Collection[Service],
    repeats: str,
    starts_at: datetime,
    lasts: timedelta,
    until: datetime | None = None,
    zone: ZoneInfo | str = "UTC",
    wall: time | None = None,
    weekdays: Collection[int] = (),
    day: int | None = None,
    cron: str = "",
) -> Window:
    """Raises ValidationError, by field, without services or reason, for one that recurs without an end, or that never comes."""
    require(actor, Role.RESPONDER)
    _reasoned(reason)
    window = Window(
        reason=reason.strip(),
        repeats=repeats,
        starts_at=starts_at,
        until=_end(repeats, starts_at, lasts, until),
        lasts=lasts,
        zone=str(zone),
        wall=wall or time(),
        weekdays=sorted(int(n) for n in weekdays),
        day=day or 1,
        cron=cron.strip(),
        author=person(actor),
        signature=str(actor)[:100],
    )
    _refuse(window, services)
    window.save()
    window.services.set(services)
    return window


@transaction.atomic
def window_end(*, actor: Actor, window: Window, now: datetime) -> None:
    """It is over, and does not come again; what is down is told now."""
    require(actor, Role.RESPONDER)
    Window.objects.filter(pk=window.pk, until__gt=now).update(until=now)
    _look_again(now)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Say why, for whoever wonders that nobody was told."})


def _end(repeats: str, starts_at: datetime, lasts: timedelta, until: datetime | None) -> datetime:
    if repeats == Repeats.ONCE:
        return starts_at + lasts
    if until is None or not starts_at < until <= starts_at + LONGEST:
        raise ValidationError({"until": "Say until which day it recurs: at most 400 days after its start."})
    return until


def _refuse(window: Window, services: Collection[Service]) -> None:
    if not services:
        raise ValidationError({"services": "Choose what is maintained."})
    wants = {Repeats.WEEKLY: ("weekdays", "Choose one weekday at least."), Repeats.CRON: ("cron", "Write a cron expression.")}  # fmt: skip
    field, sentence = wants.get(Repeats(window.repeats), ("repeats", ""))
    if sentence and not getattr(window, field):
        raise ValidationError({field: sentence})
    try:
        window.recurrence.check()
    except BadSchedule as error:
        raise ValidationError({field: str(error)}) from None


def _look_again(now: datetime) -> None:
    Group.objects.filter(closed_at=None).update(look_at=now)
    nudge(SWEEP)
    nudge(CHANGES)
