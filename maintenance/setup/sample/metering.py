"""The series of a year: hours and days for the whole time, minutes of the last day, and the days that are kept as figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

from maintenance.setup.sample.courses import PACE, Course, hours_of, minutes_of, moments_of
from maintenance.setup.sample.gauges import DAILY, GAUGES, MACHINES, Gauge
from maintenance.setup.sample.outages import Outage, Spell
from maintenance.setup.sample.series import Past
from maintenance.setup.sample.shapes import shapes
from maintenance.setup.sample.world import World, insert
from monitoring.metrics import rolls, stores
from monitoring.metrics.book import series_make
from monitoring.metrics.measures import evidence_url
from monitoring.metrics.models import PushKey, Series, Size, Source
from monitoring.metrics.rolls import Roll
from monitoring.metrics.samples import Sample
from monitoring.metrics.services import key_create
from monitoring.metrics.standing import rule_of
from opsconsole.lib import clock, periods
from opsconsole.lib.calendars import instant
from opsconsole.lib.moments import from_ms, to_ms
from opsconsole.lib.periods import midnight
from opsconsole.measures.models import DailyValue
from opsconsole.measures.verdicts import Reading

FINE = timedelta(hours=26)  # of which every sample is kept
SHOWN = timedelta(hours=1)
"""How often machines are said to report, so that they are fresh for a while after they stopped."""
Rolls = dict[int, Roll]


def write(
    world: World, outages: Sequence[Outage], spells: Sequence[Spell], releases: Mapping[str, list[int]]
) -> None:
    series = {one.name: one for one in _make(world)}
    drawn = shapes(world.own("shapes"))
    leak = next((to_ms(one.start), to_ms(one.end)) for one in spells if one.leaks)
    for gauge in GAUGES:
        past, mine = Past(gauge.service or "API", outages, spells), releases.get(gauge.service, [])
        course = Course(gauge, past, to_ms(world.now), mine, drawn, world.own(gauge.name), leak)
        _write(world, series[gauge.name], course)


def _make(world: World) -> list[Series]:
    """The keys that push, a source that rests, and a series for each gauge."""
    mia = world.people["Mia Berger"]
    cluster, nightly = (
        key_create(actor=mia, name=name, service=None)[0]
        for name in ("Telegraf on the cluster", "Nightly figures")
    )
    PushKey.objects.filter(pk__in=(cluster.pk, nightly.pk)).update(
        created_at=world.start, last_used_at=world.now
    )
    stripe = _stripe(world)
    world.keep([cluster, nightly, stripe])
    for origin, gauges in ((cluster, MACHINES), (nightly, DAILY[1:]), (stripe, DAILY[:1])):
        series_make(
            [Sample(g.name, (), 0.0, kind=g.kind, unit=g.unit) for g in gauges],
            origin=origin,
            now=world.start,
        )
    made = list(Series.objects.filter(name__in=[gauge.name for gauge in GAUGES]).order_by("pk"))
    world.keep(made)
    for one, gauge in zip(
        made, sorted(GAUGES, key=lambda g: [m.name for m in made].index(g.name)), strict=True
    ):
        _describe(world, one, gauge)
    return made


def _stripe(world: World) -> Source:
    """It rests: its account does not exist, and nobody may be asked."""
    return Source.objects.create(
        name="Stripe, monthly recurring revenue",
        kind="stripe",
        config={"figure": "mrr", "currency": "eur"},
        metric="mrr",
        unit="€",
        interval=timedelta(days=1),
        is_paused=True,
        last_at=world.now - timedelta(hours=8),
        samples=1,
    )


def _describe(world: World, series: Series, gauge: Gauge) -> None:
    series.title, series.part, series.board = gauge.title, gauge.part, gauge.board
    series.service = world.services.get(gauge.service)
    series.better, series.target, series.limit = gauge.better, gauge.target, gauge.limit
    series.every = timedelta(days=1) if gauge.at else SHOWN
    series.save()
    Series.objects.filter(pk=series.pk).update(created_at=world.start)


def _write(world: World, series: Series, course: Course) -> None:
    hours, minutes = _once_a_day(world, course) if course.gauge.at else _all_the_time(world, course)
    days = dict(_days(world, series.kind, hours))
    for size, found in ((Size.HOUR, hours), (Size.DAY, days), (Size.MINUTE, minutes)):
        stores.put(size, {(series.pk, start): (roll, stores.NONE) for start, roll in found.items()})
    running = clock.epoch(world.now) // Size.HOUR * Size.HOUR
    stores.stale_note({(series.pk, running)} if any(start >= running for start in minutes) else [])
    newest = max(hours.values(), key=lambda roll: roll.last_at)
    gap = (timedelta(days=1) if course.gauge.at else timedelta(milliseconds=PACE)).total_seconds()
    Series.objects.filter(pk=series.pk).update(
        last_at=from_ms(newest.last_at), last_value=newest.last, usual_gap=gap
    )
    if series.target is not None and series.unit:
        _keep_days(world, series, days)


def _once_a_day(world: World, course: Course) -> tuple[Rolls, Rolls]:
    assert course.gauge.at
    moments = [instant(day, course.gauge.at, world.zone) for day in (*world.dates, world.today)]
    minutes = moments_of(course, [at for at in moments if at < world.now])
    fine = clock.epoch(world.now - FINE)
    return {_hour(start): roll for start, roll in minutes.items()}, {
        s: r for s, r in minutes.items() if s > fine
    }


def _all_the_time(world: World, course: Course) -> tuple[Rolls, Rolls]:
    """Hours of the last day are made of their minutes, as a fold makes them."""
    first, fine, running = (_hour(clock.epoch(at)) for at in (world.start, world.now - FINE, world.now))
    hours = hours_of(course, first * 1000, fine * 1000)
    minutes = minutes_of(course, fine * 1000, clock.epoch(world.now) * 1000)
    for hour, group in groupby(minutes.items(), lambda pair: _hour(pair[0])):
        whole = rolls.joined(course.gauge.kind, (roll for _, roll in group))
        if whole and hour < running:
            hours[hour] = whole
    return hours, minutes


def _hour(start: int) -> int:
    return start - start % Size.HOUR


def _days(world: World, kind: str, hours: Mapping[int, Roll]) -> Iterator[tuple[int, Roll]]:
    """Hours added up as a fold does it; the day that is going on as far as it has come."""
    edges = [
        clock.epoch(midnight(day, world.zone))
        for day in (*world.dates, world.today, world.today + timedelta(days=1))
    ]
    ordered = iter(sorted(hours))
    start = next(ordered, None)
    for first, end in pairwise(edges):
        mine = []
        while start is not None and start < end:
            mine += [hours[start]] if start >= first else []
            start = next(ordered, None)
        if whole := rolls.joined(kind, mine):
            yield first, whole


def _keep_days(world: World, series: Series, days: Mapping[int, Roll]) -> None:
    """As the console keeps them each night; it would read them one by one."""
    found = ((day, days.get(clock.epoch(midnight(day, world.zone)))) for day in world.dates)
    columns = ("measure", "day", "value", "coverage", "n", "verdict", "version", "evidence_url", "read_at")
    insert(DailyValue, columns, _kept(world, series, ((day, roll) for day, roll in found if roll)))


def _kept(world: World, series: Series, days: Iterable[tuple[date, Roll]]) -> Iterator[Sequence[Any]]:
    rule = rule_of(series)
    for day, roll in days:
        value = roll.figure(series.figure)
        url = evidence_url(series, periods.day(day, world.zone))
        yield series.measure_slug, day, value, 1.0, roll.n, rule.judge(Reading(value)), 1, url, world.now
