"""Which time a page of a series shows, and where the points of its chart begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from monitoring.metrics.models import Series, Size
from monitoring.metrics.readings import Past, by_day, by_hour, past_of
from opsconsole.lib import clock
from opsconsole.lib.periods import Period, midnight

QUARTER = 900
_LONGEST_BY_HOUR = timedelta(days=8)


@dataclass(frozen=True)
class Span:
    """Its name in the address and on the page, how long it is, and how points of its chart are dated."""

    key: str
    title: str
    length: timedelta
    step: int
    point: str


SPANS = {
    span.key: span
    for span in (
        Span("24h", "24 hours", timedelta(hours=24), QUARTER, "%H:%M"),
        Span("7d", "7 days", timedelta(days=7), Size.HOUR, "%a %-d"),
        Span("30d", "30 days", timedelta(days=30), Size.DAY, "%-d %b"),
        Span("1y", "1 year", timedelta(days=365), Size.DAY, "%b %Y"),
    )
}
DEFAULT = SPANS["24h"]


def span_of(key: str | None, period: Period | None = None) -> Span:
    """The span of that name; of a period that somebody asks for, one of its own."""
    if period is None:
        return SPANS.get(key or "", DEFAULT)
    by_hour_too = period.end - period.start <= _LONGEST_BY_HOUR
    step, point = (Size.HOUR, "%a %-d %H:%M") if by_hour_too else (Size.DAY, "%-d %b")
    return Span("", period.name, period.end - period.start, step, point)


def points(
    series: Series, span: Span, *, end: datetime, now: datetime, days_in: ZoneInfo, shown_in: tzinfo
) -> tuple[list[datetime], Past]:
    """Where the points begin, oldest first, in the zone they are shown in, and what there is to put into them."""
    edges = edges_of(span, end, days_in)
    first, last = edges[0], clock.epoch(end)
    if span.step == Size.DAY:
        today = clock.epoch(midnight(now.astimezone(days_in).date(), days_in))
        past = by_day([series], first, last, today, clock.epoch(now))[series.pk]
    elif span.step == Size.HOUR:
        past = by_hour([series], first, last, clock.epoch(now))[series.pk]
    else:
        past = _by_minute(series, first, last, now)
    zone = days_in if span.step == Size.DAY else shown_in
    return [clock.moment(edge).astimezone(zone) for edge in edges], past


def _by_minute(series: Series, first: int, last: int, now: datetime) -> Past:
    return past_of([series], clock.moment(first), clock.moment(last), now, short=timedelta(days=2))[series.pk]


def edges_of(span: Span, end: datetime, zone: ZoneInfo) -> list[int]:
    """Where the points of a span that ends at `end` begin, oldest first, in seconds since 1970."""
    if span.step == Size.DAY:
        last = (end - timedelta(microseconds=1)).astimezone(zone).date()
        count = max(1, round(span.length / timedelta(days=1)))
        return [clock.epoch(midnight(last - timedelta(days=back), zone)) for back in reversed(range(count))]
    stop = clock.epoch(end)
    count = max(1, -(-round(span.length.total_seconds()) // span.step))
    newest = (stop - 1) - (stop - 1) % span.step
    return [newest - back * span.step for back in reversed(range(count))]
