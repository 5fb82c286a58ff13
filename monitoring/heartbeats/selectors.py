"""Readers of heartbeats."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OuterRef
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.sources import Signal
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat, Run
from monitoring.heartbeats.states import Outcome
from opsconsole.lib.periods import Period

COUNTED = (Outcome.SUCCESS, Outcome.FAIL, Outcome.MISSED)
"""Ends of runs that say whether a job works."""


@dataclass(frozen=True)
class Counts:
    """How many heartbeats there are, and of these how many are down, late (in their grace), not measured, new, or paused."""

    total: int
    down: int
    late: int
    unknown: int
    new: int
    paused: int

    @property
    def on_time(self) -> int:
        return self.total - self.down - self.late - self.unknown - self.new - self.paused


def counts(now: datetime) -> Counts:
    """In one query."""
    new = Q(status=Status.UNKNOWN, last_ping_at=None)
    return Counts(
        **Heartbeat.objects.live().aggregate(
            total=Count("pk"),
            down=Count("pk", filter=Q(status=Status.DOWN)),
            late=Count("pk", filter=Q(status=Status.UP, expected_at__lt=now)),
            unknown=Count("pk", filter=Q(status=Status.UNKNOWN) & ~new),
            new=Count("pk", filter=new),
            paused=Count("pk", filter=Q(status=Status.PAUSED)),
        )
    )


def _last_change(moment: datetime) -> "QuerySet[StatusChange]":
    """Of a heartbeat in an outer query: its last change of state by then."""
    source = Concat(Value("heartbeat:"), Cast(OuterRef("pk"), CharField()))
    return StatusChange.objects.filter(source=source, at__lte=moment).order_by("-at", "-pk")


def states_at(moment: datetime) -> dict[str, int]:
    """How many of today's heartbeats were in which state then, from their recorded changes."""
    last = _last_change(moment).values("new")[:1]
    found = Heartbeat.objects.live().annotate(then=Subquery(last)).order_by().values_list("then")
    return {state: n for state, n in found.annotate(n=Count("pk")) if state}


def down_at(moment: datetime) -> "QuerySet[Any]":
    """Those that were late or had failed then, with `then_since` and `then_reason`."""
    last = _last_change(moment)
    found = Heartbeat.objects.live().alias(then=Subquery(last.values("new")[:1])).filter(then=Status.DOWN)
    return found.annotate(
        then_since=Subquery(last.values("at")[:1]), then_reason=Subquery(last.values("reason")[:1])
    )


def runs_ended(period: Period) -> "QuerySet[Run]":
    """The runs that figures of a period are made of; silence beyond the grace is one."""
    ended = Run.objects.filter(finished_at__gte=period.start, finished_at__lt=period.end)
    return ended.filter(outcome__in=COUNTED)


def signals(service_ids: Collection[int]) -> list[Signal]:
    rows = Heartbeat.objects.live().filter(service_id__in=service_ids)
    return [
        Signal(
            service_id=beat.service_id,
            source=beat.source,
            title=beat.name,
            status=beat.status,
            detail="" if beat.status == Status.UP else beat.status_reason or "waits for its first ping",
            url=reverse("heartbeats:detail", args=[beat.pk]),
            since=beat.status_since,
        )
        for beat in rows
    ]


def states() -> "QuerySet[Heartbeat, tuple[int, str]]":
    return Heartbeat.objects.live().order_by().values_list("service_id", "status").distinct()
