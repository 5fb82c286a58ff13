"""Readers of heartbeats."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import OuterRef
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.sources import Signal
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat, Run
from monitoring.heartbeats.standing import UNJUDGED, is_unjudged
from monitoring.heartbeats.states import Outcome
from opsconsole.lib import clock
from opsconsole.lib.periods import Period

COUNTED = (Outcome.SUCCESS, Outcome.FAIL, Outcome.MISSED)
"""Ends of runs that say whether a job works."""


@dataclass(frozen=True)
class Counts:
    """How many heartbeats there are, and of these how many are down, late (in their grace), not measured, new, paused, or under
    maintenance."""

    total: int
    down: int
    late: int
    unknown: int
    new: int
    paused: int
    maintained: int = 0

    @property
    def watched(self) -> int:
        return self.total - self.paused - self.maintained

    @property
    def on_time(self) -> int:
        return self.watched - self.down - self.late - self.unknown - self.new


def counts(now: datetime) -> Counts:
    """In one query, beside those for what is maintained."""
    new, kept = Q(status=Status.UNKNOWN, last_ping_at=None), kept_of(maintained(now))
    return Counts(
        **Heartbeat.objects.live().aggregate(
            total=Count("pk"),
            down=Count("pk", filter=Q(status=Status.DOWN) & ~kept),
            late=Count("pk", filter=Q(status=Status.UP, expected_at__lt=now) & ~unjudged(now) & ~kept),
            unknown=Count("pk", filter=(Q(status=Status.UNKNOWN) & ~new | unjudged(now)) & ~kept),
            new=Count("pk", filter=new & ~kept),
            paused=Count("pk", filter=Q(status=Status.PAUSED)),
            maintained=Count("pk", filter=kept),
        )
    )


def kept_of(services: Collection[int]) -> Q:
    """The rows of which `is_maintained` is true."""
    return Q(service__in=list(services)) & ~Q(status=Status.PAUSED)


def _last_change(moment: datetime) -> "QuerySet[StatusChange]":
    """Of a heartbeat in an outer query: its last change of state by then."""
    source = Concat(Value("heartbeat:"), Cast(OuterRef("pk"), CharField()))
    return StatusChange.objects.filter(source=source, at__lte=moment).order_by("-at", "-pk")


def states_at(moment: datetime) -> dict[str, int]:
    """How many of today's heartbeats were in which state then, from their recorded changes, and how many under maintenance."""
    last = _last_change(moment).values("new")[:1]
    found = heard_at(moment).annotate(then=Subquery(last)).order_by().values_list("then")
    states = {state: n for state, n in found.annotate(n=Count("pk")) if state}
    kept = Heartbeat.objects.live().filter(service__in=list(maintained(moment))).count()
    return states | {Status.MAINTENANCE: kept} if kept else states


def heard_at(moment: datetime) -> "QuerySet[Heartbeat]":
    """Those whose service was not under maintenance then."""
    return Heartbeat.objects.live().exclude(service__in=list(maintained(moment)))


def down_at(moment: datetime) -> "QuerySet[Any]":
    """Those that were late or had failed then, with `then_since` and `then_reason`."""
    last = _last_change(moment)
    found = heard_at(moment).alias(then=Subquery(last.values("new")[:1])).filter(then=Status.DOWN)
    return found.annotate(
        then_since=Subquery(last.values("at")[:1]), then_reason=Subquery(last.values("reason")[:1])
    )


def runs_ended(period: Period) -> "QuerySet[Run]":
    """The runs that figures of a period are made of; silence beyond the grace is one."""
    ended = Run.objects.filter(finished_at__gte=period.start, finished_at__lt=period.end)
    return ended.filter(outcome__in=COUNTED)


def unjudged(now: datetime) -> Q:
    """The rows of which `is_unjudged` is true."""
    return Q(status=Status.UP, due_at__lt=now - UNJUDGED)


def signals(service_ids: Collection[int]) -> list[Signal]:
    """The present state of each heartbeat of these services, for the catalogue."""
    now, rows = clock.now(), Heartbeat.objects.live().filter(service_id__in=service_ids)
    return [_signal(beat, now) for beat in rows]


def _signal(beat: Heartbeat, now: datetime) -> Signal:
    """What was true when somebody last looked says nothing of now."""
    status, since = beat.status, beat.status_since
    detail = "" if status == Status.UP else beat.status_reason or "waits for its first ping"
    if is_unjudged(beat, now):
        status, since = Status.UNKNOWN, beat.due_at or since
        detail = "The console has not looked at it in time."
    url = reverse("heartbeats:detail", args=[beat.pk])
    is_new = status == Status.UNKNOWN and beat.last_ping_at is None
    return Signal(beat.service_id, beat.source, beat.name, status, detail, url, since, is_new)


def states() -> "QuerySet[Heartbeat, tuple[int, str]]":
    """The same without words, for the navigation."""
    now = Case(When(unjudged(clock.now()), then=Value(Status.UNKNOWN.value)), default=F("status"))
    found = Heartbeat.objects.live().order_by().annotate(now=now)
    return found.values_list("service_id", "now").distinct()
