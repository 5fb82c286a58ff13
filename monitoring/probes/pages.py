"""What the pages of probes show, put together: one reader for each page."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F
from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.catalogue import days, latencies
from monitoring.catalogue.days import Day
from monitoring.catalogue.histories import Step, Total, Wanted, added, total
from monitoring.catalogue.latencies import Span
from monitoring.catalogue.models import Service, StatusChange
from monitoring.catalogue.selectors import changes_from
from monitoring.catalogue.states import ORDER, TONES, Status
from monitoring.probes import history, selectors, sentences
from monitoring.probes.kinds import kinds
from monitoring.probes.models import Bucket, Failure, Probe, Size, path_of
from monitoring.probes.selectors import Outage
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.clock import epoch
from opsconsole.lib.periods import Period
from opsconsole.measures import evidence
from opsconsole.ui import charts

SIZE = 100  # probes on a page
HOURS = 24


@dataclass(frozen=True)
class ProbeRow:
    """A line of the list. `address` is what it asks, `trend` its latency over the last 24 hours."""

    url: str
    name: str
    service: str
    address: str
    tone: str
    word: str
    error: str
    trend: SafeString
    ms: float | None
    expires: datetime | None
    runs: history.Runs | None = None


@dataclass(frozen=True)
class Filter:
    """What the list was narrowed to; "" for everything. `expiring`: days within which the certificate ends, 0 for any."""

    text: str = ""
    status: str = ""
    service: str = ""
    expiring: int = 0

    @property
    def is_on(self) -> bool:
        return bool(self.text or self.status or self.service or self.expiring)


@dataclass(frozen=True)
class ProbeList:
    sentence: str
    rows: list[ProbeRow]
    next: str
    all: int
    filter: Filter
    services: list[tuple[str, str]]
    statuses: list[tuple[str, str]]


def probe_list(*, narrowed: Filter, after: str, now: datetime, period: Period | None = None) -> ProbeList:
    """One page; the sentence speaks of all probes whatever the filter. With a period each row has its latency in it."""
    counts = selectors.status_counts()
    services = list(Service.objects.order_by("name").values_list("pk", "slug", "name"))
    chosen = next((pk for pk, slug, _ in services if slug == narrowed.service), None)
    soon = now + timedelta(days=narrowed.expiring) if narrowed.expiring else None
    page = selectors.probes_page(
        service_id=chosen,
        status=narrowed.status,
        search=narrowed.text,
        expiring=soon,
        after=after,
        limit=SIZE,
    )
    ids = [row.pk for row in page.rows]
    latency = trends(ids, now)
    rows = [_row(row, latency[row.pk]) for row in page.rows]
    return ProbeList(
        sentences.of_probes(counts),
        _in_period(rows, ids, period.until(now)) if period else rows,
        page.next,
        sum(counts.values()),
        narrowed,
        [(slug, name) for _, slug, name in services],
        [(s.value, f"{s.label} ({counts[s]:,})") for s in ORDER if counts.get(s)],
    )


def _row(probe: Probe, trend: Sequence[float | None]) -> ProbeRow:
    status = Status(probe.status)
    return ProbeRow(
        url=path_of(probe.pk),
        name=probe.name,
        service=probe.service.name,
        address=kinds[probe.kind].address(probe.config),
        tone=TONES[status],
        word=status.label,
        error="" if status in (Status.UP, Status.PAUSED) else probe.last_error,
        trend=charts.sparkline(trend),
        ms=probe.last_ms,
        expires=probe.certificate_expires_at,
    )


def _in_period(rows: Sequence[ProbeRow], ids: Sequence[int], period: Period) -> list[ProbeRow]:
    """With the latency and the runs of a period instead of those of today; two queries."""
    slices = history.probe_history(Wanted(ids, period.start, period.end, "day", latency=True))
    found, runs = (
        {pk: total(s for s in slices if s.service_id == pk) for pk in ids},
        history.runs(ids, period),
    )
    return [
        replace(row, trend=SafeString(), ms=found[pk].latency_at(0.95), runs=runs.get(pk, history.Runs()))
        for pk, row in zip(ids, rows, strict=True)
    ]


@dataclass(frozen=True)
class OutageRow:
    """An outage and how long it was within the time that somebody asks for; of a moment, how long in all until now."""

    outage: Outage
    service: str
    url: str
    lasted: timedelta


def outages(period: Period, now: datetime) -> list[OutageRow]:
    """The newest first; two queries."""
    found = selectors.outages(period)
    names = dict(Service.objects.filter(pk__in={o.service_id for o in found}).values_list("pk", "name"))
    whole = Period(evidence.FIRST, now) if period.start == period.end else period
    return [
        OutageRow(o, names.get(o.service_id, ""), path_of(o.probe_id), o.within(whole, now)) for o in found
    ]


def trends(probe_ids: Collection[int], now: datetime) -> dict[int, list[float | None]]:
    """Mean latency of each of the last 24 full hours, in milliseconds, None where nothing answered; one query."""
    first = epoch(now - timedelta(hours=HOURS)) // 3600 * 3600
    found: dict[int, list[float | None]] = defaultdict(lambda: [None] * HOURS)
    rows = Bucket.objects.filter(
        probe_id__in=probe_ids, size=Size.HOUR, start__gte=first, start__lt=first + HOURS * 3600
    ).values_list("probe_id", "start", "latency", F("runs") - F("failures"))
    for probe_id, start, latency, answers in rows:
        found[probe_id][(start - first) // 3600] = latency / answers if answers else None
    return found


@dataclass(frozen=True)
class Phase:
    """A part of an answer's time, in milliseconds on average, and its share of the whole, 0 to 1."""

    name: str
    ms: float
    share: float


@dataclass(frozen=True)
class ProbePage:
    """Everything that one probe's page says. Figures are of the span that was chosen, bars of 90 days."""

    probe: Probe
    sentence: SafeString
    why: str
    pending: str
    address: str
    tone: str
    days: list[Day]
    span: Span
    points: list[latencies.Point]
    phases: list[Phase]
    failures: list[Failure]
    changes: list[StatusChange]
    now: datetime

    @cached_property
    def quarter(self) -> Total:
        return days.together(self.days)

    @property
    def bars(self) -> SafeString:
        said = f"{days.SHOWN} days of {self.probe.name}; the same as a table below"
        return charts.bars([d.bar(sparing=False) for d in self.days], said)

    @cached_property
    def latency(self) -> latencies.Row:
        return latencies.Row(self.span.title, added([p.total for p in self.points]))

    @cached_property
    def table(self) -> list[latencies.Row]:
        return latencies.table(self.points, self.span)

    @cached_property
    def chart(self) -> SafeString:
        label = f"Latency of {self.probe.name} over {self.span.title}; the same as a table below"
        return latencies.chart(self.points, self.span, label)

    @property
    def certificate_days(self) -> int | None:
        """Whole days that the certificate is still valid; negative when it is over."""
        expires = self.probe.certificate_expires_at
        return (expires - self.now).days if expires else None

    @property
    def certificate_tone(self) -> str:
        left = self.certificate_days
        if left is None:
            return "unknown"
        return "bad" if left < 7 else "look" if left < 21 else "ok"


def probe_page(*, probe: Probe, span: Span, now: datetime) -> ProbePage:
    """`probe` comes with its service."""
    zone = team_zone()
    begin, first = latencies.starts(span, now, zone)[0], days.first(now, zone)
    points = latencies.points_of(
        history.probe_history(Wanted([probe.pk], begin, now, span.step, latency=True)),
        span,
        now=now,
        days_in=zone,
        shown_in=timezone.get_current_timezone(),
        begun=probe.created_at,
    )
    by_day = history.probe_history(Wanted([probe.pk], first, now, "day"))
    return ProbePage(
        probe=probe,
        sentence=sentences.of_probe(probe, now),
        why=sentences.reason(probe),
        pending=sentences.pending(probe),
        address=kinds[probe.kind].address(probe.config),
        tone=TONES[Status(probe.status)],
        days=days.days_of(
            by_day,
            target=float(probe.service.uptime_target),
            now=now,
            zone=zone,
            begun=probe.created_at,
        ),
        span=span,
        points=points,
        phases=phases(history.points(probe.pk, begin, now, _SIZES[span.step])),
        failures=selectors.recent_failures(probe, limit=10),
        changes=changes_from(probe.source),
        now=now,
    )


_SIZES: dict[Step, Size] = {"hour": Size.HOUR, "day": Size.DAY}


def phases(points: Sequence[history.Point]) -> list[Phase]:
    """Where the time of a good answer goes, on average; empty where none was measured.

    Points add up when each step was over, counted from the start.
    """
    answers = sum(p.runs - p.failures for p in points)
    if answers < 1:
        return []
    whole, name, connection, tls, first_byte = (
        sum(p.sums[place] for p in points) / answers for place in range(5)
    )
    handshake = max(tls, connection)  # plain HTTP has none, and reports zero
    steps = [
        ("Looking up the name", 0.0, name),
        ("Connecting", name, connection),
        ("TLS handshake", connection, handshake),
        ("Waiting for the first byte", handshake, first_byte),
        ("Reading the answer", first_byte, whole),
    ]
    return [Phase(title, max(0, to - at), max(0, to - at) / (whole or 1)) for title, at, to in steps]
