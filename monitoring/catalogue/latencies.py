"""A chart of latencies over a span, and the table behind it. Pure over slices; probes draw theirs with it too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from monitoring.catalogue.days import last_days, seconds_watched, watched_since
from monitoring.catalogue.histories import Slice, Step, Total, added, spent
from opsconsole.lib import durations
from opsconsole.lib.figures import counted, per_cent
from opsconsole.lib.periods import midnight
from opsconsole.ui.charts import Line, line_chart


@dataclass(frozen=True)
class Span:
    """How far back one looks: its name in the address and on the page, the step of its points, and of its table's rows."""

    key: str
    title: str
    step: Step
    count: int
    point: str
    row: str


SPANS = {
    span.key: span
    for span in (
        Span("24h", "24 hours", "hour", 24, "%H:%M", "%-d %b %H:%M"),
        Span("7d", "7 days", "hour", 168, "%a %-d", "%a %-d %b"),
        Span("30d", "30 days", "day", 30, "%-d %b", "%-d %b"),
        Span("1y", "1 year", "day", 365, "%b %Y", "%B %Y"),
    )
}
DEFAULT = SPANS["24h"]


def span_of(key: str | None) -> Span:
    return SPANS.get(key or "", DEFAULT)


def starts(span: Span, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Where the points of a span begin, oldest first, the present one last."""
    if span.step == "day":
        return [midnight(day, zone) for day in last_days(now, zone, span.count)]
    hour = now.replace(minute=0, second=0, microsecond=0)
    return [hour - timedelta(hours=back) for back in reversed(range(span.count))]


@dataclass(frozen=True)
class Point:
    """One step of the span, in the reader's zone."""

    start: datetime
    total: Total


@dataclass(frozen=True)
class Row:
    name: str
    total: Total

    @cached_property
    def p50(self) -> float | None:
        return self.total.latency_at(0.5)

    @cached_property
    def p95(self) -> float | None:
        return self.total.latency_at(0.95)


def points_of(
    slices: Iterable[Slice],
    span: Span,
    *,
    now: datetime,
    days_in: ZoneInfo,
    shown_in: tzinfo,
    begun: datetime | None = None,
) -> list[Point]:
    """`days_in` is the zone in which days are cut, `shown_in` the reader's; the time before `begun` is no gap."""
    by_start = {piece.start: piece for piece in slices}
    begun = watched_since(begun, by_start)
    begins = starts(span, now, days_in)
    zone = days_in if span.step == "day" else shown_in
    return [
        Point(start.astimezone(zone), spent(by_start.get(start), seconds_watched(start, end, begun)))
        for start, end in zip(begins, [*begins[1:], now], strict=True)
    ]


def chart(points: Sequence[Point], span: Span, label: str, done: Sequence[str] = ()) -> SafeString:
    """The median and the 95th percentile, with the spans in which it was down or maintained shaded; nothing where there is nothing to draw.

    `done` says what was done in the step of each point; an upright stands there.
    """
    rows = [Row(_name(p.start, span), p.total) for p in points]
    if not any(row.total.answers or row.total.down or row.total.maintenance for row in rows):
        return SafeString("")
    said_of = list(done) or [""] * len(rows)
    return line_chart(
        [
            Line("95 of 100 answers", [row.p95 for row in rows], "quiet"),
            Line("half of the answers", [row.p50 for row in rows]),
        ],
        [f"{p.start:{span.point}}" for p in points],
        unit="ms",
        label=label,
        titles=[
            f"{_title(row)}. {said}" if said else _title(row) for row, said in zip(rows, said_of, strict=True)
        ],
        marks=[bool(said) for said in said_of],
        tones=[_tone(row.total) for row in rows],
    )


def _tone(total: Total) -> str:
    if total.down:
        return "bad"
    return "maintained" if total.maintenance else ""


def table(points: Sequence[Point], span: Span) -> list[Row]:
    """The same figures for readers, newest first; hours of a week by day, days of a year by month."""
    grouped = groupby(points, key=lambda p: f"{p.start:{span.row}}")
    rows = [Row(name, added([p.total for p in group])) for name, group in grouped]
    return rows[::-1]


def _name(start: datetime, span: Span) -> str:
    return f"{start:%-d %b %H:%M}" if span.step == "hour" else f"{start:%-d %b}"


def _title(row: Row) -> str:
    words = f"maintenance {durations.words(row.total.maintenance)}" if row.total.maintenance >= 1 else ""
    kept = f", {words}" if words else ""
    if not row.total.answers:
        return f"{row.name}: down{kept}" if row.total.down else f"{row.name}: {words or 'not measured'}"
    answers = counted(row.total.answers, "answer")
    said = f"{row.name}: half within {row.p50:,.0f} ms, 95 % within {row.p95:,.0f} ms, {answers}{kept}"
    down = row.total.down
    return f"{said}, {per_cent(row.total.uptime)}, down {durations.words(down)}" if down else said
