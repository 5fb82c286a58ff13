"""Series with a unit and a target are figures: `metric:<slug>`, for checklists, reports and the days that are kept."""

from functools import partial

from django.urls import reverse
from django.utils.http import urlencode

from monitoring.metrics.models import Series, Size
from monitoring.metrics.readings import Past, by_hour, past_of
from monitoring.metrics.standing import rule_of
from monitoring.metrics.states import Statistic
from opsconsole.lib import clock
from opsconsole.lib.clock import iso
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period
from opsconsole.measures.registry import Fold, Measure, measures
from opsconsole.measures.verdicts import Reading

_FOLDS = {Statistic.LAST: Fold.LAST, Statistic.RISE: Fold.SUM}


@once
def judged() -> list[Series]:
    """Those that are figures."""
    return list(Series.objects.filter(target__isnull=False).exclude(unit="").order_by("title", "pk"))


@once
def family() -> list[Measure]:
    return [_measure(series) for series in judged()]


def _measure(series: Series) -> Measure:
    return Measure(
        series.measure_slug,
        series.title,
        series.unit,
        f"The {series.get_kind_display().lower().partition(',')[0]} {series.spelling}, as it was sent or fetched:"
        f" {series.figure.label} of the time.",
        rule_of(series),
        partial(_read, series),
        None,
        _FOLDS.get(series.figure, Fold.POOLED),
        boards=_boards(series),
        hourly=partial(_hourly, series),
    )


def _boards(series: Series) -> tuple[str, ...]:
    """The one that was chosen, and that of performance for what says something of a service."""
    wanted = ("performance" if series.part else "", series.board)
    return tuple(dict.fromkeys(filter(None, wanted)))


@once
def _pasts(period: Period) -> dict[int, Past]:
    """All figures of what is behind us of a period at once; asked by the whole period, since “now” is later at each figure."""
    now = clock.now()
    past = period.until(now)
    return past_of(judged(), past.start, past.end, now)


def _read(series: Series, period: Period) -> Reading:
    past, url = _pasts(period).get(series.pk), evidence_url(series, period)
    roll = past.together() if past else None
    if not past or not roll:
        return Reading(None, 0, evidence_url=url, detail="No sample came in this time.")
    coverage = past.coverage(period.until(clock.now()).seconds, series.reach)
    return Reading(roll.figure(series.figure), coverage, roll.n, url)


@once
def _hours(period: Period) -> dict[int, Past]:
    first, last = clock.epoch(period.start), clock.epoch(period.end)
    return by_hour(judged(), first, last, clock.epoch(clock.now()))


def _hourly(series: Series, period: Period) -> list[float | None]:
    """One value for each hour, None where no sample came."""
    edges = range(clock.epoch(period.start), clock.epoch(period.end), Size.HOUR)
    return [roll.figure(series.figure) if roll else None for roll in _hours(period)[series.pk].cut(edges)]


def evidence_url(series: Series, period: Period) -> str:
    first, last = period.dates or (iso(period.start), iso(period.end))
    query = urlencode({"of": series.measure_slug, "from": str(first), "to": str(last)})
    return f"{reverse('metrics:detail', args=[series.pk])}?{query}"


measures.families.register("metric", family)
