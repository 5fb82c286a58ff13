"""What people do with maintenance windows. Each has an end, an author and a reason.

Whatever is done to a window, its services' time behind us is counted anew where it counts otherwise by it (catalogue/maintenance.py).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.models import Window
from monitoring.alerts.muting import times
from monitoring.alerts.quieting import look_again, reasoned
from monitoring.alerts.recurring import Repeats
from monitoring.catalogue.maintenance import maintenance_replanned
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib.calendars import BadSchedule

LONGEST = timedelta(days=400)
BACK = timedelta(days=30)
"""How far behind us time is counted anew: for so long single results are kept."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When: `starts_at` and `lasts` of what is once, and how the rest recurs, until when."""

    repeats: str
    starts_at: datetime
    lasts: timedelta
    until: datetime | None = None
    zone: ZoneInfo | str = "UTC"
    wall: time | None = None
    weekdays: Collection[int] = ()
    day: int | None = None
    cron: str = ""


@transaction.atomic
def window_create(
    *, actor: Actor, reason: str, services: Collection[Service], plan: Plan, now: datetime
) -> Window:
    """Raises ValidationError, by field, without services or reason, for one that recurs without an end, or that never comes,
    and for one that began over 30 days ago."""
    require(actor, Role.RESPONDER)
    window = Window(author=person(actor), signature=str(actor)[:100])
    if plan.starts_at < now - BACK:
        raise ValidationError(
            {"starts_at": "Results are kept for 30 days: it begins 30 days ago at the earliest."}
        )
    _fill(window, reason, plan)
    _refuse(window, services)
    window.save()
    window.services.set(services)
    _replanned(services, _behind(window, now), now)
    return window


@transaction.atomic
def window_change(
    *, actor: Actor, window: Window, reason: str, services: Collection[Service], plan: Plan, now: datetime
) -> Window:
    """Also of one that is over: what was counted by it is counted anew, as far as 30 days back. Raises as above."""
    require(actor, Role.RESPONDER)
    fresh = _locked(window)
    before, touched = _behind(fresh, now), {service.pk: service for service in fresh.services.all()}
    _fill(fresh, reason, plan)
    _refuse(fresh, services)
    fresh.save()
    fresh.services.set(services)
    touched |= {service.pk: service for service in services}
    _replanned(touched.values(), [*before, *_behind(fresh, now)], now)
    look_again(now)
    return fresh


@transaction.atomic
def window_end(*, actor: Actor, window: Window, now: datetime) -> None:
    """It is over, and does not come again; what is down is told now."""
    require(actor, Role.RESPONDER)
    if Window.objects.filter(pk=window.pk, until__gt=now).update(until=now):
        _replanned(window.services.all(), [], now)
    look_again(now)


@transaction.atomic
def window_remove(*, actor: Actor, window: Window, now: datetime) -> None:
    """It never was: its time counts like any other, as far as 30 days back."""
    require(actor, Role.RESPONDER)
    fresh = _locked(window)
    _replanned(fresh.services.all(), _behind(fresh, now), now)
    fresh.delete()
    look_again(now)


def _locked(window: Window) -> Window:
    return Window.objects.select_for_update().get(pk=window.pk)


def _behind(window: Window, now: datetime) -> list[tuple[datetime, datetime]]:
    return times(window, now - BACK, now)


def _replanned(services: Iterable[Service], spans: list[tuple[datetime, datetime]], now: datetime) -> None:
    maintenance_replanned(service_ids=[service.pk for service in services], spans=spans, now=now)


def _fill(window: Window, reason: str, plan: Plan) -> None:
    reasoned(reason)
    window.reason = reason.strip()
    window.repeats, window.starts_at, window.lasts = plan.repeats, plan.starts_at, plan.lasts
    window.until = _end(plan)
    window.zone, window.wall = str(plan.zone), plan.wall or time()
    window.weekdays, window.day = sorted(int(n) for n in plan.weekdays), plan.day or 1
    window.cron = plan.cron.strip()


def _end(plan: Plan) -> datetime:
    if plan.repeats == Repeats.ONCE:
        return plan.starts_at + plan.lasts
    if plan.until is None or not plan.starts_at < plan.until <= plan.starts_at + LONGEST:
        raise ValidationError({"until": "Say until which day it recurs: at most 400 days after its start."})
    return plan.until


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
