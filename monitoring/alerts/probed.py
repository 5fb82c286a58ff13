"""What rules can watch of probes, by the minute: how many answers are good, and how fast most of them are.

A subject is “probe:12:good” or “probe:12:p95”. Probes open incidents by themselves; a rule is for what they do not judge: a share of
answers, a trend, an objective.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitoring.alerts.rules.base import Points
from monitoring.probes.models import Bucket, Probe, Size
from monitoring.probes.pruning import KEPT
from opsconsole.lib.clock import moment
from opsconsole.lib.histograms import decode, quantile

PREFIX = "probe:"
SELDOM = timedelta(seconds=90)  # what is asked less often has no answer in each minute
_LATE = timedelta(seconds=10)  # in which answers of a minute are still written
_LISTED = 500


class Row(NamedTuple):
    """A bucket in which the probe was asked."""

    probe: int
    start: int
    runs: int
    failures: int
    histogram: str


@dataclass(frozen=True)
class Figure:
    """What of a bucket is watched; None where it says nothing."""

    words: str
    unit: str
    of: Callable[[Row], float | None]


FIGURES = {
    "good": Figure("good answers", "%", lambda row: 100 * (row.runs - row.failures) / row.runs),
    "p95": Figure("95 of 100 answer within", "ms", lambda row: quantile(decode(row.histogram), 0.95)),
}


def choices() -> list[tuple[str, str]]:
    rows = Probe.objects.order_by("service__name", "name").values_list("pk", "service__name", "name")
    return [
        (f"{PREFIX}{pk}:{key}", f"{service}: {name}, {figure.words} ({figure.unit})")
        for pk, service, name in rows[:_LISTED]
        for key, figure in FIGURES.items()
    ]


def title_of(subject: str) -> str:
    """“Checkout: Front page, good answers”; the subject itself where there is no such probe."""
    pk, figure = _parts(subject)
    probe = Probe.objects.select_related("service").filter(pk=pk).first()
    return f"{probe.service.name}: {probe.name}, {figure.words}" if probe and figure else subject


def points_of(
    subjects: Collection[str], span: timedelta, now: datetime, size: int = Size.MINUTE
) -> dict[str, Points]:
    """By subject, from buckets of that size; two queries. Probes that are gone are left out."""
    probes = Probe.objects.in_bulk({_parts(subject)[0] for subject in subjects}) if subjects else {}
    if not probes:
        return {}
    gaps = {pk: timedelta(seconds=probe.interval * 1.2) for pk, probe in probes.items()}
    rows = _rows(probes, now - span - max(gaps.values()), now, size)
    known = [(subject, *_parts(subject)) for subject in subjects]
    return {
        subject: _points(figure, rows.get(pk, []), size, gaps[pk], probes[pk].last_at)
        for subject, pk, figure in known
        if pk in probes and figure
    }


def minutes_of(subject: str, span: timedelta, now: datetime) -> Points | None:
    """As far back as minutes are kept."""
    back = KEPT[Size.MINUTE] - timedelta(hours=1) - span
    return points_of([subject], back, now.replace(second=0, microsecond=0)).get(subject)


def _parts(subject: str) -> tuple[int, Figure | None]:
    pk, _, key = subject.removeprefix(PREFIX).partition(":")
    return int(pk) if pk.isdecimal() else 0, FIGURES.get(key)


def _rows(probes: Collection[int], start: datetime, now: datetime, size: int) -> dict[int, list[Row]]:
    last = int((now - _LATE).timestamp()) - size
    rows = Bucket.objects.filter(probe_id__in=list(probes), size=size, runs__gt=0)
    rows = rows.filter(start__gte=int(start.timestamp()), start__lte=last).order_by("start")
    found: dict[int, list[Row]] = {}
    for row in rows.values_list("probe_id", "start", "runs", "failures", "histogram"):
        found.setdefault(row[0], []).append(Row(*row))
    return found


def _points(
    figure: Figure, rows: Iterable[Row], size: int, gap: timedelta, newest: datetime | None
) -> Points:
    """A value stands for its bucket, or until the probe is asked again and a little longer."""
    seldom = gap if gap > SELDOM else timedelta()
    pairs = [(moment(row.start + size), value) for row in rows if (value := figure.of(row)) is not None]
    at, values = [at for at, _ in pairs], [value for _, value in pairs]
    return Points(at, values, max(timedelta(seconds=size), seldom), figure.unit, newest, seldom)
