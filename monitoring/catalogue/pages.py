"""What the pages of the catalogue show, put together: one reader for each page, so that views only choose and render."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.catalogue import days, latencies, selectors, sentences
from monitoring.catalogue.burning import Burning
from monitoring.catalogue.days import Day
from monitoring.catalogue.histories import Slice, Step, Total, Wanted, added, total
from monitoring.catalogue.links import Link, opened
from monitoring.catalogue.marks import Mark, done_in, marks_of
from monitoring.catalogue.models import Service, StatusChange
from monitoring.catalogue.past import Past
from monitoring.catalogue.selectors import Standing, standings
from monitoring.catalogue.states import Budget, budget
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.periods import Period, midnight
from opsconsole.ui.charts import bars

SIZE = 25  # services on a page


@dataclass(frozen=True)
class ServiceRow:
    """A line of the list: how it stands, its last 90 days as bars, and their total."""

    standing: Standing
    history: SafeString
    total: Total


@dataclass(frozen=True)
class ServiceList:
    sentence: SafeString
    rows: list[ServiceRow]
    found: int
    number: int
    pages: int
    all: int

    @property
    def has_maintenance(self) -> bool:
        return any(row.total.maintenance for row in self.rows)

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


def service_list(*, text: str, number: int, now: datetime, states: Collection[str] = ()) -> ServiceList:
    """All services that match, the worst first. Sorting by state needs them all; the heavy history is read for one page."""
    everything = standings(selectors.services())
    wanted = text.strip().lower()
    found = [s for s in everything if wanted in f"{s.service.name} {s.service.owner or ''}".lower()]
    found = [s for s in found if not states or s.status in states]
    pages = max(1, -(-len(found) // SIZE))
    number = min(max(1, number), pages)
    shown = found[(number - 1) * SIZE : number * SIZE]
    return ServiceList(
        sentences.of_services(everything), _rows(shown, now), len(found), number, pages, len(everything)
    )


def _rows(shown: Sequence[Standing], now: datetime) -> list[ServiceRow]:
    zone = team_zone()
    slices = selectors.slices_of(Wanted([s.service.pk for s in shown], days.first(now, zone), now, "day"))
    return [_row(s, slices.get(s.service.pk, []), now, zone) for s in shown]


def _row(standing: Standing, slices: Sequence[Slice], now: datetime, zone: ZoneInfo) -> ServiceRow:
    service = standing.service
    found = days.days_of(
        slices, target=float(service.uptime_target), now=now, zone=zone, begun=service.created_at
    )
    label = f"{standing.service.name}, the last {days.SHOWN} days"
    return ServiceRow(standing, bars([d.bar(sparing=True) for d in found], label), days.together(found))


@dataclass(frozen=True)
class Spell:
    """How services did over a time that somebody asks for: each with its total, the one down longest first, and all together."""

    rows: list[tuple[Service, Total]]
    together: Total


def spell(period: Period, now: datetime) -> Spell:
    past = period.until(now)
    found = {service.pk: service for service in selectors.services()}
    slices = selectors.slices_of(Wanted(list(found), past.start, past.end, "day"))
    rows = [(service, total(slices.get(pk, ()), past.seconds)) for pk, service in found.items()]
    rows.sort(key=lambda row: (-row[1].down, row[1].uptime is None, row[0].tier, row[0].name))
    return Spell(rows, added([one for _, one in rows]))


@dataclass(frozen=True)
class Outage:
    """The last time something of the service went down, and for how long, up to now while it lasts."""

    change: StatusChange
    seconds: float
    lasts: bool


@dataclass(frozen=True)
class Month:
    """The present month up to now: what was measured, and the error budget of the whole month."""

    name: str
    length: int
    total: Total
    burning: Burning

    @property
    def budget(self) -> Budget:
        return self.burning.budget


@dataclass(frozen=True)
class ServicePage(Past):
    """Everything that one service's page says."""

    standing: Standing
    sentence: SafeString
    month: Month
    outage: Outage | None
    depends_on: list[Standing]
    supports: list[Standing]
    marks: list[Mark]
    links: list[Link]

    @property
    def service(self) -> Service:
        return self.standing.service

    @cached_property
    def done(self) -> list[str]:
        return done_in([point.start for point in self.points], self.marks)


def service_page(*, service: Service, span: latencies.Span, now: datetime) -> ServicePage:
    zone = team_zone()
    below, above = list(service.depends_on.all()), list(service.supports.all())
    stand = {s.service.pk: s for s in standings([service, *below, *above])}
    shown = days.days_of(
        _slices(service, days.first(now, zone), now, "day"),
        target=float(service.uptime_target),
        now=now,
        zone=zone,
        begun=service.created_at,
    )
    return ServicePage(
        name=service.name,
        standing=stand[service.pk],
        sentence=sentences.of_service(stand[service.pk]),
        month=_month(shown, float(service.uptime_target), now, zone),
        days=shown,
        span=span,
        points=_points(service, span, now, zone),
        outage=_outage(service, now),
        depends_on=[stand[s.pk] for s in below],
        supports=[stand[s.pk] for s in above],
        marks=marks_of(service),
        links=opened(service.links, latencies.starts(span, now, zone)[0], now),
    )


def _slices(
    service: Service, start: datetime, now: datetime, step: Step, latency: bool = False
) -> list[Slice]:
    return selectors.slices_of(Wanted([service.pk], start, now, step, latency)).get(service.pk, [])


def _points(service: Service, span: latencies.Span, now: datetime, zone: ZoneInfo) -> list[latencies.Point]:
    found = _slices(service, latencies.starts(span, now, zone)[0], now, span.step, latency=True)
    return latencies.points_of(found, span, now=now, days_in=zone, shown_in=timezone.get_current_timezone())


def _month(shown: Sequence[Day], target: float, now: datetime, zone: ZoneInfo) -> Month:
    today = now.astimezone(zone).date()
    length = monthrange(today.year, today.month)[1]
    of_it = [d for d in shown if (d.day.year, d.day.month) == (today.year, today.month)]
    so_far = days.together(of_it)
    elapsed = (now - midnight(today.replace(day=1), zone)).total_seconds()
    allowed = budget(target, length * 86400 - so_far.maintenance, so_far.down)
    burning = Burning(allowed, today.replace(day=1), length, [d.total.down for d in of_it], elapsed)
    return Month(f"{today:%B}", length, so_far, burning)


def _outage(service: Service, now: datetime) -> Outage | None:
    found = selectors.last_outage(service)
    if not found:
        return None
    began, ended = found
    return Outage(began, ((ended.at if ended else now) - began.at).total_seconds(), not ended)
