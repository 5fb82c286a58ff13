"""What rules can watch: series of metrics and answers to probes (probed.py) by the minute, and figures by the day, the newest of
which ends now."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from monitoring.alerts import probed
from monitoring.alerts.rules.base import Points
from monitoring.metrics.models import Series
from monitoring.metrics.readings import Past, past_of
from monitoring.probes.models import Size
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.clock import moment
from opsconsole.lib.moments import from_ms
from opsconsole.lib.periods import Period, midnight
from opsconsole.measures.registry import measures
from opsconsole.measures.selectors import kept, read
from opsconsole.measures.verdicts import Verdict

PREFIX = "metric:"
BY_MINUTE = timedelta(hours=26)  # what looks back further is judged by the hour
DAY = timedelta(days=1)
_FEW = 3 * DAY  # so that the newest is there, if it is no more than some days old
SELDOM = timedelta(seconds=90)  # what comes less often is not there in each minute
_REACHES = (timedelta(minutes=15), timedelta(hours=3), timedelta(days=2), timedelta(days=8))
_LATE = {60: timedelta(seconds=30), 3600: timedelta(minutes=2)}  # samples may come so late and count
_LISTED = 1000


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a form: the series, the probes, then the figures."""
    series = Series.objects.order_by("title", "pk").values_list("slug", "title", "unit")[:_LISTED]
    figures = [(m.slug, f"{m.title} ({m.unit or 'number'})") for m in measures if not _is_series(m.slug)]
    metrics = [(PREFIX + slug, f"{title} ({unit})" if unit else title) for slug, title, unit in series]
    return [
        ("Metrics, by the minute", metrics),
        ("Probes, by the minute", probed.choices()),
        ("Figures, over 24 hours", sorted(figures, key=lambda f: f[1])),
    ]


def title_of(subject: str) -> str:
    if _is_probed(subject):
        return probed.title_of(subject)
    if _is_series(subject):
        found = Series.objects.filter(slug=subject.removeprefix(PREFIX)).first()
        return found.title if found else subject
    measure = measures.get(subject)
    return measure.title if measure else subject


def _is_series(subject: str) -> bool:
    return subject.startswith(PREFIX)


def _is_probed(subject: str) -> bool:
    return subject.startswith(probed.PREFIX)


def points_of(
    subjects: Collection[str], span: timedelta, now: datetime, *, past: bool = False
) -> dict[str, Points]:
    """What is known `now` of each subject of the last `span`; a constant number of queries, and what live figures ask.

    What nobody knows is left out. Of the `past` nothing is read live, and by the hour what is kept by the minute.
    """
    found = _of_series([s for s in subjects if _is_series(s)], span, now, by_hour=past)
    size = Size.HOUR if past or span > BY_MINUTE else Size.MINUTE
    found |= probed.points_of([s for s in subjects if _is_probed(s)], span, now, size)
    days = _of_figures([s for s in subjects if not (_is_series(s) or _is_probed(s))], span, now)
    return found | (days if past else {slug: _live(slug, points, now) for slug, points in days.items()})


def _of_series(
    subjects: Collection[str], span: timedelta, now: datetime, *, by_hour: bool
) -> dict[str, Points]:
    if not subjects:
        return {}
    series = list(Series.objects.filter(slug__in=[s.removeprefix(PREFIX) for s in subjects]))
    found: dict[str, Points] = {}
    for reach in {_reach(one) for one in series}:
        mine = [one for one in series if _reach(one) == reach]
        start = now.replace(second=0, microsecond=0) - span - reach
        pasts = past_of(mine, start, now, now, short=timedelta() if by_hour else BY_MINUTE)
        found |= {one.measure_slug: _points(one, pasts[one.pk], now) for one in mine if one.pk in pasts}
    return found


def _reach(series: Series) -> timedelta:
    """How much further back the value may lie that holds now: what comes once a day has none of the last five minutes."""
    gap = timedelta(seconds=series.usual_gap or 0)
    return timedelta() if gap < SELDOM else next((most for most in _REACHES if gap < most), _REACHES[-1])


def minutes_of(subject: str, span: timedelta, now: datetime) -> Points | None:
    """As far back as its minutes are kept, where a rule that looks back `span` is judged by the minute."""
    if _is_probed(subject) and span <= BY_MINUTE:
        return probed.minutes_of(subject, span, now)
    found = Series.objects.filter(slug=subject.removeprefix(PREFIX)).first() if _is_series(subject) else None
    if found is None or span + _reach(found) > BY_MINUTE:
        return None
    back = timedelta(days=settings.OPSCONSOLE_METRIC_MINUTES - 1)
    start = now.replace(second=0, microsecond=0) - back + timedelta(minutes=1)
    return _points(found, past_of([found], start, now, now, short=back)[found.pk], now)


def _points(series: Series, past: Past, now: datetime) -> Points:
    """A value stands for its bucket, or until the next one usually comes and a little longer."""
    gap = timedelta(seconds=(series.usual_gap or 0) * 1.2)
    step = max(timedelta(seconds=past.step), gap if gap > SELDOM else timedelta())
    last = (now - _LATE[past.step]).timestamp()
    rolls = ((at + past.step, roll.figure(series.figure)) for at, roll in past.each())
    pairs = [(moment(end), value) for end, value in rolls if value is not None and end <= last]
    at, values = [at for at, _ in pairs], [value for _, value in pairs]
    return Points(at, values, step, series.unit, _newest(series, past, now), gap)


def _newest(series: Series, past: Past, now: datetime) -> datetime | None:
    """When the last sample came: the series itself notes it by the hour."""
    known = [from_ms(roll.last_at) for roll in list(past.rolls.values())[-1:]]
    if series.last_at:
        known.append(series.last_at)
    return min(max(known), now) if known else None


def _of_figures(subjects: Iterable[str], span: timedelta, now: datetime) -> dict[str, Points]:
    """Days that are over, each at its end."""
    known = {subject: measure for subject in subjects if (measure := measures.get(subject))}
    if not known:
        return {}
    zone, found = team_zone(), {}
    today = now.astimezone(zone).date()
    first = today - max(span, _FEW) - DAY
    days = kept(list(known), [(first, today - DAY)])
    for subject, measure in known.items():
        rows = [(midnight(r.day + DAY, zone), r.value) for r in days.get(subject, []) if r.value is not None]
        found[subject] = Points([at for at, _ in rows], [value for _, value in rows], DAY, measure.unit)
    return found


def _live(slug: str, days: Points, now: datetime) -> Points:
    """With the 24 hours until now in place of the day that they overlap; where they cannot be read, neither is there.

    A day that has only begun is not compared with whole ones: a sum of its first hours would always be too low.
    """
    judged = read(slug, Period(now - DAY, now, "the last 24 hours"))
    before = days.until(now - DAY)
    if judged.reading.value is None or judged.verdict == Verdict.UNKNOWN:
        return before
    return replace(before, at=[*before.at, now], values=[*before.values, judged.reading.value])
