"""When probes were down, from their recorded changes of state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from opsconsole.lib.periods import Period


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
