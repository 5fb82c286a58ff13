"""How services stand, and how they did over 90 days; the troubled and the most important ones with bars."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
class ServicesNow:
    """All services counted by state, and a few with their history. What nothing watches is not measured."""

    counts: Counter[Status]
    named: dict[Status, list[str]]
    shown: list[ServiceBars]

    @property
    def more(self) -> int:
        return sum(self.counts.values()) - len(self.shown)

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def coverage(self) -> float | None:
        """The share of the 90 days that was measured, over the services shown."""
        whole = added([each.total for each in self.shown])
        return whole.coverage if whole.length else None


def services_now(now: datetime) -> ServicesNow:
    """Three queries, however many services and probes there are."""
    state = statuses()
    ranked = sorted(Service.objects.all(), key=lambda s: (ORDER.index(_of(state, s)), s.tier, s.name.lower()))
    named: dict[Status, list[str]] = {}
    for service in ranked:
        named.setdefault(_of(state, service), []).append(service.name)
    counts = Counter({status: len(names) for status, names in named.items()})
    return ServicesNow(counts, named, _with_bars(ranked[:SHOWN], state, now))


def _of(state: dict[int, Status], service: Service) -> Status:
    return state.get(service.pk, Status.UNKNOWN)


def _with_bars(chosen: Sequence[Service], state: dict[int, Status], now: datetime) -> list[ServiceBars]:
    if not chosen:
        return []
    slices = slices_of(Wanted([s.pk for s in chosen], days.first(now, team_zone()), now, "day"))
    return [_bars(s, _of(state, s), slices.get(s.pk, []), now) for s in chosen]


def _bars(service: Service, status: Status, slices: Sequence[Slice], now: datetime) -> ServiceBars:
    found = days.days_of(slices, target=float(service.uptime_target), now=now, zone=team_zone())
    svg = bars([day.bar(sparing=True) for day in found], f"{service.name}, the last {days.SHOWN} days")
    return ServiceBars(service, status, svg, days.together(found))
