"""How services stand, and how they did over 90 days; the troubled and the most important ones with bars."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from monitoring.catalogue import days
from monitoring.catalogue.histories import Slice, Total, Wanted, added
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import slices_of, statuses
from monitoring.catalogue.states import ORDER, TONES, Status
from opsconsole.accounts.selectors import team_zone
from opsconsole.ui.charts import bars

SHOWN = 4


@dataclass(frozen=True)
class ServicesNow:
    """The names of all services by state, the most important first. What nothing watches is not measured."""

    named: dict[Status, list[str]]

    @property
    def counts(self) -> Counter[Status]:
        return Counter({status: len(names) for status, names in self.named.items()})


def services_now() -> ServicesNow:
    """Two queries, however many services and probes there are."""
    state, named = statuses(), dict[Status, list[str]]()
    for pk, name in Service.objects.order_by("tier", "name").values_list("pk", "name"):
        named.setdefault(state.get(pk, Status.UNKNOWN), []).append(name)
    return ServicesNow(named)


@dataclass(frozen=True)
class ServiceBars:
    """One service: its state now, 90 days as bars, and their total."""

    service: Service
    status: Status
    svg: SafeString
    total: Total

    @property
    def tone(self) -> str:
        return TONES[self.status]


@dataclass(frozen=True)
class Quarter:
    """A few services with their last 90 days, and how many there are in all."""

    shown: list[ServiceBars]
    all: int

    @property
    def more(self) -> int:
        return self.all - len(self.shown)

    @property
    def coverage(self) -> float | None:
        """The share of the time since they are watched that was measured, over the services shown."""
        whole = added([each.total for each in self.shown])
        return whole.coverage if whole.length else None


def quarter(now: datetime) -> Quarter:
    """The history is read for the services shown only: those in trouble, then those that matter most."""
    state = statuses()
    ranked = sorted(Service.objects.all(), key=lambda s: (ORDER.index(_of(state, s)), s.tier, s.name.lower()))
    return Quarter(_with_bars(ranked[:SHOWN], state, now), len(ranked))


def _of(state: dict[int, Status], service: Service) -> Status:
    return state.get(service.pk, Status.UNKNOWN)


def _with_bars(chosen: Sequence[Service], state: dict[int, Status], now: datetime) -> list[ServiceBars]:
    if not chosen:
        return []
    zone = team_zone()
    slices = slices_of(Wanted([s.pk for s in chosen], days.first(now, zone), now, "day"))
    return [_bars(s, _of(state, s), slices.get(s.pk, []), now, zone) for s in chosen]


def _bars(
    service: Service, status: Status, slices: Sequence[Slice], now: datetime, zone: ZoneInfo
) -> ServiceBars:
    found = days.days_of(
        slices, target=float(service.uptime_target), now=now, zone=zone, begun=service.created_at
    )
    svg = bars([day.bar(sparing=True) for day in found], f"{service.name}, the last {days.SHOWN} days")
    return ServiceBars(service, status, svg, days.together(found))
