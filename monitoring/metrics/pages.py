"""What the pages show, put together: one reader for each page, so that views only choose and render."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.metrics import charts, spans
from monitoring.metrics.models import Counts, Series
from monitoring.metrics.readings import Past, by_hour, past_of
from monitoring.metrics.rolls import Roll
from monitoring.metrics.spans import Span
from monitoring.metrics.standing import Standing, said, standing
from monitoring.metrics.states import Kind, is_stale
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.figures import Written, counted
from opsconsole.lib.ids import id_of
from opsconsole.lib.moments import from_ms
from opsconsole.measures.evidence import Asked
from opsconsole.ui.charts import sparkline

SIZE = 50
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    series: Series
    standing: Standing
    trend: SafeString

    @property
    def value(self) -> Written:
        return said(self.standing.value, self.series.unit)


@dataclass(frozen=True)
class SeriesList:
    rows: list[Row]
    cursor: str
    total: int

    @property
    def sentence(self) -> str:
        """What is true of the rows that are shown."""
        if not self.total:
            return "No metric has come yet"
        bad = sum(row.standing.tone in ("bad", "look") for row in self.rows)
        stopped = sum(row.standing.tone == "unknown" for row in self.rows)
        if bad:
            return f"{counted(bad, 'metric is', 'metrics are')} off target"
        if stopped:
            return f"{counted(stopped, 'metric')} stopped coming"
        if any(row.standing.tone for row in self.rows):
            return "Every metric with a target is on it"
        return f"{counted(self.total, 'metric comes', 'metrics come')}, none has a target"


def series_list(*, text: str, after: str, now: datetime) -> SeriesList:
    """Fifty at a time, by title. `after` is the id of the last row of the page before."""
    found = Series.objects.order_by("title", "pk")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(name__icontains=text))
    if last := Series.objects.filter(pk=id_of(after) or 0).first():
        found = found.filter(Q(title__gt=last.title) | Q(title=last.title, pk__gt=last.pk))
    page = list(found.select_related("service")[: SIZE + 1])
    shown, more = page[:SIZE], len(page) > SIZE
    return SeriesList(rows(shown, now), str(shown[-1].pk) if more else "", Series.objects.count())


def rows(shown: Sequence[Series], now: datetime) -> list[Row]:
    """Series with how they stand and their last 24 hours; three queries for all of them."""
    recent, at = past_of(shown, now - HOUR, now + timedelta(minutes=2), now), clock.epoch(now)
    first = at - at % 3600 - 23 * 3600
    day = by_hour(shown, first, at + 120, at)
    edges = range(first, at + 1, 3600)
    return [
        Row(
            one,
            standing(one, recent[one.pk].together(), now),
            sparkline([roll.figure(one.figure) if roll else None for roll in day[one.pk].cut(edges)]),
        )
        for one in shown
    ]


@dataclass(frozen=True)
class Step:
    """One point of the chart, and a row of the table behind it."""

    name: str
    roll: Roll | None


@dataclass(frozen=True)
class SeriesPage:
    """Everything that one series' page says. `together` is all of the span as one."""

    series: Series
    standing: Standing
    span: Span
    steps: list[Step]
    together: Roll | None
    coverage: float
    chart: SafeString
    counts: Counts | None = None
    still_comes: bool = False

    @property
    def buckets(self) -> str:
        """“12 buckets, the highest up to 10 s; what is above counts as that”."""
        if self.counts is None:
            return ""
        bounds = self.counts.bounds
        highest = f"{bounds[-1]:g} {self.series.unit}".strip()
        return (
            f"{counted(len(bounds) + 1, 'bucket')}, the highest up to {highest}; what is above counts as that"
        )

    @property
    def value(self) -> Written:
        return said(self.standing.value, self.series.unit)

    @property
    def sentence(self) -> str:
        """“Queue: 12 jobs, on target”."""
        if self.standing.last_at is None:
            return f"{self.series.title}: nothing has come yet"
        if self.standing.tone == "unknown" and self.standing.word == "Stopped":
            return f"{self.series.title} stopped coming"
        judged = {"ok": ", on target", "look": ", off target", "bad": ", well off target"}
        return f"{self.series.title}: {self.value}{judged.get(self.standing.tone, '')}"

    @property
    def note(self) -> str:
        """Of which time the value is, where it is not of this moment."""
        return (
            ""
            if self.series.kind == Kind.GAUGE
            else f"{self.series.figure.label.partition(':')[0]} of the last hour"
        )

    @property
    def target(self) -> str:
        """“0.5 s, bad beyond 2 s”."""
        wanted = [said(self.series.target, self.series.unit), said(self.series.limit, self.series.unit)]
        return f"{wanted[0]}, bad beyond {wanted[1]}" if self.series.limit is not None else str(wanted[0])

    @property
    def figures(self) -> list[tuple[str, Written]]:
        """What the span says in numbers."""
        return charts.figures(self.series, self.together)

    @property
    def columns(self) -> list[str]:
        return charts.columns(self.series)

    @property
    def table(self) -> list[tuple[str, list[Written]]]:
        """Newest first, steps without a sample left out."""
        return [(s.name, charts.cells(self.series, s.roll)) for s in reversed(self.steps) if s.roll]


def series_page(*, series: Series, key: str, asked: Asked, now: datetime) -> SeriesPage:
    counts = Counts.objects.filter(series=series).first() if series.kind == Kind.DISTRIBUTION else None
    end = min(asked.period.end, now) if asked.period else now
    span = spans.span_of(key, asked.period.until(now) if asked.period else None)
    begins, past = spans.points(
        series, span, end=end, now=now, days_in=team_zone(), shown_in=timezone.get_current_timezone()
    )
    recent = past_of([series], now - HOUR, now + timedelta(minutes=2), now)[series.pk]
    cut = past.cut([clock.epoch(begin) for begin in begins])
    steps = [Step(_named(begin, span), roll) for begin, roll in zip(begins, cut, strict=True)]
    return SeriesPage(
        series,
        standing(series, recent.together(), now),
        span,
        steps,
        past.together(),
        _coverage(series, span, past),
        charts.chart(
            series, [(f"{b:{span.point}}", s.name, s.roll) for b, s in zip(begins, steps, strict=True)]
        ),
        counts,
        counts is not None and not is_stale(from_ms(counts.at), series.patience, now),
    )


def _coverage(series: Series, span: Span, past: Past) -> float:
    return past.coverage(span.length.total_seconds(), series.reach)


def _named(begin: datetime, span: Span) -> str:
    return f"{begin:%-d %b %Y}" if span.step > 3600 else f"{begin:%-d %b %H:%M}"


def push_url(token: str = "") -> str:
    """The address for pushing, with a key or a place for it."""
    return f"{settings.OPSCONSOLE_URL}/in/metrics/{token or '<key>'}"


def examples(token: str = "") -> Mapping[str, str]:
    """Lines to copy."""
    url = push_url(token)
    one = '{"name": "queue_length", "value": 12, "unit": "jobs", "labels": {"queue": "mail"}}'
    return {
        "json": f"curl -fsS -m 10 --retry 5 -d '{one}' {url}",
        "text": f"curl -fsS http://127.0.0.1:9100/metrics | curl -fsS -m 10 --data-binary @- {url}",
    }
