"""Readers of probes and what they found lately. Readers of the roll-ups stand in history.py."""

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.sources import Signal
from monitoring.catalogue.states import ORDER, Status
from monitoring.probes.models import Failure, Probe, path_of, source_of
from opsconsole.lib import clock
from opsconsole.lib.ids import id_of
from opsconsole.lib.moments import to_ms
from opsconsole.lib.periods import Period


@dataclass(frozen=True)
class Page:
    """Rows, and the cursor of the next page; "" when this is the last."""

    rows: list[Probe]
    next: str = ""


LISTED = (
    "name", "kind", "config", "status", "status_since", "last_error", "last_ms", "certificate_expires_at", "service__name",
    "is_paused", "next_at", "interval", "timeout", "last_outcome", "streak", "retry_interval", "failure_threshold",
    "recovery_threshold", "regions",
)  # fmt: skip


def probes_page(
    *,
    now: datetime,
    service_id: int | None = None,
    status: str = "",
    search: str = "",
    expiring: datetime | None = None,
    after: str = "",
    limit: int = 50,
) -> Page:
    """Probes with what a list shows of them (LISTED), the worst first, then by name. `after` is a cursor of an earlier page.

    expiring: only those whose certificate ends before it.
    """
    kept = maintained(now)
    rows = _ranked(now, kept).select_related("service").only(*LISTED)
    if expiring:
        rows = rows.filter(expires_before(expiring))
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    if status:
        rows = rows.filter(said=status)
    if search:
        rows = rows.filter(
            Q(name__icontains=search)
            | Q(service__name__icontains=search)
            | Q(config__url__icontains=search)
            | Q(config__host__icontains=search)
        )
    found = list(_after(rows, after).order_by("rank", "name", "id")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _cursor(found[limit - 1], now, kept) if more else "")


def expires_before(moment: datetime) -> Q:
    """Probes that ask and whose certificate ends before a moment."""
    return Q(is_paused=False, certificate_expires_at__lt=moment)


def _ranked(now: datetime, kept: Collection[int]) -> "QuerySet[Any]":
    is_kept = When(_kept(kept), then=Value(ORDER.index(Status.MAINTENANCE)))
    unsaid = When(_unsaid(now), then=Value(ORDER.index(Status.UNKNOWN)))
    whens = [When(status=status, then=Value(rank)) for rank, status in enumerate(ORDER)]
    return Probe.objects.alias(said=_shown(now, kept)).annotate(
        rank=Case(is_kept, unsaid, *whens, output_field=IntegerField())
    )


def _cursor(row: Probe, now: datetime, kept: Collection[int]) -> str:
    return f"{ORDER.index(shown_of(row, now, kept))}.{row.pk}.{row.name}"


def _after(rows: "QuerySet[Any]", cursor: str) -> "QuerySet[Any]":
    """What comes after a cursor; everything for one that cannot be read."""
    place, _, rest = cursor.partition(".")
    last, _, name = rest.partition(".")
    rank, pk = id_of(place), id_of(last)
    if rank is None or pk is None:
        return rows
    later = Q(rank=rank) & (Q(name__gt=name) | Q(name=name, id__gt=pk))
    return rows.filter(Q(rank__gt=rank) | later)


def status_counts(now: datetime) -> dict[Status, int]:
    """How many probes have which status, as `shown_of` has it; statuses that none has are absent."""
    rows = (
        Probe.objects.order_by()
        .annotate(said=_shown(now, maintained(now)))
        .values_list("said")
        .annotate(Count("id"))
    )
    return {Status(status): n for status, n in rows}


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


def signals(service_ids: Collection[int]) -> list[Signal]:
    """The present state of each probe of these services, for the catalogue."""
    found = Probe.objects.filter(service_id__in=service_ids).order_by().annotate(said=_said(clock.now()))
    return [_signal(seen) for seen in map(Seen._make, found.values_list(*Seen._fields))]


def _signal(row: Seen) -> Signal:
    detail, since = detail_of(row), row.status_since
    if row.said != row.status:
        detail, since = NOT_ASKED, row.last_at
    is_new = row.said == Status.UNKNOWN and row.status_since is None
    return Signal(
        row.service_id, source_of(row.pk), row.name, row.said, detail, path_of(row.pk), since, is_new
    )


def states() -> "QuerySet[Probe, tuple[int, str]]":
    """The same without words, for the navigation."""
    found = Probe.objects.order_by().annotate(said=_said(clock.now()))
    return found.values_list("service_id", "said").distinct()


NOT_ASKED = "The console has not asked it in time."


def status_of(probe: Probe, now: datetime) -> Status:
    """The status as it may be said now: what was up when it was last asked is unknown once nobody asks any more."""
    status = Status(probe.status)
    return Status.UNKNOWN if status != Status.DOWN and is_overdue(probe, now) else status


def _said(now: datetime) -> Case:
    """The same as an expression."""
    return Case(When(_unsaid(now), then=Value(Status.UNKNOWN.value)), default=F("status"))


def shown_of(probe: Probe, now: datetime, kept: Container[int]) -> Status:
    """The same for people: a probe that asks is under maintenance if its service is among those that are `kept`."""
    is_kept = probe.service_id in kept and not probe.is_paused
    return Status.MAINTENANCE if is_kept else status_of(probe, now)


def _shown(now: datetime, kept: Collection[int]) -> Case:
    """The same as an expression."""
    is_kept = When(_kept(kept), then=Value(Status.MAINTENANCE.value))
    return Case(is_kept, When(_unsaid(now), then=Value(Status.UNKNOWN.value)), default=F("status"))


def _kept(kept: Collection[int]) -> Q:
    return Q(service_id__in=list(kept), is_paused=False)


def _unsaid(now: datetime) -> Q:
    """Those of which the status does not say what is so now."""
    return Q(LessThan(_LATEST, to_ms(now)), is_paused=False) & ~Q(status=Status.DOWN)


def is_overdue(probe: Probe, now: datetime) -> bool:
    """As `overdue` has it."""
    if probe.is_paused or probe.next_at is None:
        return False
    return bool(probe.next_at + timedelta(seconds=2 * probe.interval + probe.timeout) < now)


def detail_of(probe: Probe | Seen) -> str:
    """The latest state in a few words: the reason when there is one, else the speed."""
    if probe.last_error and not probe.is_paused:
        return probe.last_error
    return f"{probe.last_ms} ms" if probe.last_ms is not None and probe.status == Status.UP else ""


def recent_failures(probe: Probe, *, limit: int = 20) -> list[Failure]:
    """The newest failures with their bodies, newest first."""
    return list(Failure.objects.filter(probe=probe)[:limit])


@dataclass(frozen=True)
class Outage:
    """A stretch of down. `end` is None while it lasts."""

    service_id: int
    source: str
    title: str
    start: datetime
    end: datetime | None
    reason: str

    @property
    def probe_id(self) -> int:
        return int(self.source.partition(":")[2])

    def within(self, period: Period, now: datetime) -> timedelta:
        """How long it was down inside the period, up to now."""
        end = min(self.end or now, period.end, now)
        return max(timedelta(0), end - max(self.start, period.start))


def outages(period: Period) -> list[Outage]:
    """Outages that touch the period, newest first, 500 at the most; each ends with the next change of its probe."""
    downs = StatusChange.objects.filter(source__startswith="probe:", new=Status.DOWN, at__lt=period.end)
    later = StatusChange.objects.filter(source=OuterRef("source"), id__gt=OuterRef("id"))
    over = later.filter(at__lte=period.start)
    touching = downs.filter(Q(at__gte=period.start) | ~Exists(over)).annotate(end=_next(later))
    return [
        Outage(row.service_id, row.source, row.title, row.at, row.end, row.reason)
        for row in touching.order_by("-at", "-id")[:500]
    ]


def outages_at(moment: datetime) -> list[Outage]:
    """Those that touch a moment, of services that are not under maintenance then."""
    kept = maintained(moment)
    return [one for one in outages(Period(moment, moment)) if one.service_id not in kept]


def _next(later: "QuerySet[StatusChange]") -> Coalesce:
    """When the next one was. Along the index of times; by id only where none is later, as after a clock that was set back."""
    ahead = later.filter(at__gte=OuterRef("at")).order_by("at", "id")
    return Coalesce(Subquery(ahead.values("at")[:1]), Subquery(later.order_by("id").values("at")[:1]))


def overdue(now: datetime) -> "QuerySet[Probe]":
    """Probes that should have finished more than two of their intervals ago."""
    return Probe.objects.filter(LessThan(_LATEST, to_ms(now)), is_paused=False)
