"""How a probe stands now: by what is known of a row, and the same as expressions of SQL."""

from collections.abc import Collection, Container
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.lookups import LessThan

from monitoring.catalogue.states import Status
from monitoring.probes.models import Probe
from opsconsole.lib.moments import to_ms

_LATEST = ExpressionWrapper(
    F("next_at") + F("interval") * 2000 + F("timeout") * 1000, output_field=BigIntegerField()
)
"""When a probe should have finished at the very latest, in milliseconds since 1970."""


class Seen(NamedTuple):
    """What is shown of a probe where there are hundreds: a row costs a third of a Probe. `said` is the status as it may be said now."""

    pk: int
    service_id: int
    name: str
    status: str
    said: str
    status_since: datetime | None
    is_paused: bool
    last_error: str
    last_ms: int | None
    last_at: datetime | None


NOT_ASKED = "The console has not asked it in time."


def status_of(probe: Probe, now: datetime) -> Status:
    """The status as it may be said now: what was up when it was last asked is unknown once nobody asks any more."""
    status = Status(probe.status)
    return Status.UNKNOWN if status != Status.DOWN and is_overdue(probe, now) else status


def said(now: datetime) -> Case:
    """The same as an expression."""
    return Case(When(unsaid(now), then=Value(Status.UNKNOWN.value)), default=F("status"))


def shown_of(probe: Probe, now: datetime, kept: Container[int]) -> Status:
    """The same for people: a probe that asks is under maintenance if its service is among those that are `kept`."""
    is_kept = probe.service_id in kept and not probe.is_paused
    return Status.MAINTENANCE if is_kept else status_of(probe, now)


def shown(now: datetime, kept: Collection[int]) -> Case:
    """The same as an expression."""
    is_kept = When(kept_of(kept), then=Value(Status.MAINTENANCE.value))
    return Case(is_kept, When(unsaid(now), then=Value(Status.UNKNOWN.value)), default=F("status"))


def kept_of(kept: Collection[int]) -> Q:
    return Q(service_id__in=list(kept), is_paused=False)


def unsaid(now: datetime) -> Q:
    """Those of which the status does not say what is so now."""
    return Q(LessThan(_LATEST, to_ms(now)), is_paused=False) & ~Q(status=Status.DOWN)


def is_overdue(probe: Probe, now: datetime) -> bool:
    """As `overdue` has it."""
    if probe.is_paused or probe.next_at is None:
        return False
    return bool(probe.next_at + timedelta(seconds=2 * probe.interval + probe.timeout) < now)


def overdue(now: datetime) -> "QuerySet[Probe]":
    """Probes that should have finished more than two of their intervals ago."""
    return Probe.objects.filter(LessThan(_LATEST, to_ms(now)), is_paused=False)
