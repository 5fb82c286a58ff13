"""The list of probes: those in trouble first, with their latency of a day or of a period."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.safestring import SafeString

from monitoring.catalogue.histories import Slice, Wanted, total
from monitoring.catalogue.maintenance import Maintenance, maintained
from monitoring.catalogue.models import Service
from monitoring.catalogue.states import ORDER, TONES, Status
from monitoring.probes import history, selectors, sentences
from monitoring.probes.kinds import Facts, Found, kinds
from monitoring.probes.listing import probes_page
from monitoring.probes.models import Bucket, Finding, Probe, Size, path_of
from monitoring.probes.standing import NOT_ASKED, shown_of
from opsconsole.lib.clock import epoch
from opsconsole.lib.histograms import decode
from opsconsole.lib.periods import Period
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
    pending: str
    trend: SafeString
    ms: float | None
    expires: datetime | None
    found: Found | None = None
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
    counts = selectors.status_counts(now)
    services = list(Service.objects.order_by("name").values_list("pk", "slug", "name"))
    chosen = next((pk for pk, slug, _ in services if slug == narrowed.service), 0)
    soon = now + timedelta(days=narrowed.expiring) if narrowed.expiring else None
    page = probes_page(
        now=now,
        service_id=chosen if narrowed.service else None,
        status=narrowed.status,
        search=narrowed.text,
        expiring=soon,
        after=after,
        limit=SIZE,
    )
    ids = [row.pk for row in page.rows]
    latency = trends(ids, now)
    findings = dict(Finding.objects.filter(probe__in=ids).values_list("probe", "facts"))
    kept = maintained(now)
    rows = [_row(row, latency[row.pk], findings.get(row.pk), now, kept) for row in page.rows]
    return ProbeList(
        sentences.of_probes(counts),
        _in_period(rows, ids, period.until(now)) if period else rows,
        page.next,
        sum(counts.values()),
        narrowed,
        [(slug, name) for _, slug, name in services],
        [(s.value, f"{s.label} ({counts[s]:,})") for s in ORDER if counts.get(s)],
    )


def _row(
    probe: Probe,
    trend: Sequence[float | None],
    facts: Facts | None,
    now: datetime,
    kept: Mapping[int, Maintenance],
) -> ProbeRow:
    found = kinds[probe.kind].found(facts, now) if facts else []
    status, pending = shown_of(probe, now, kept), sentences.pending(probe, now)
    return ProbeRow(
        url=path_of(probe.pk),
        name=probe.name,
        service=probe.service.name,
        address=kinds[probe.kind].address(probe.config),
        tone=TONES[status],
        word=str(status.label),
        error=_error(probe, status, pending, kept),
        pending=pending,
        trend=charts.sparkline(trend),
        ms=probe.last_ms,
        expires=probe.certificate_expires_at,
        found=found[0] if found else None,
    )


def _error(probe: Probe, status: Status, pending: str, kept: Mapping[int, Maintenance]) -> str:
    """Why it stands as it does, where there is something to say."""
    if status == Status.MAINTENANCE:
        return kept[probe.service_id].sentence
    if status == Status.PAUSED or (pending and status in (Status.UP, Status.UNKNOWN)):
        return ""
    return NOT_ASKED if status != probe.status else probe.last_error


def _in_period(rows: Sequence[ProbeRow], ids: Sequence[int], period: Period) -> list[ProbeRow]:
    """With the latency and the runs of a period instead of those of today; two queries."""
    slices: dict[int, list[Slice]] = defaultdict(list)
    for piece in history.probe_history(Wanted(ids, period.start, period.end, "day", latency=True)):
        slices[piece.service_id].append(piece)
    runs, none = history.runs(ids, period), history.Runs()
    return [
        replace(row, trend=SafeString(), ms=total(slices[pk]).latency_at(0.95), runs=runs.get(pk, none))
        for pk, row in zip(ids, rows, strict=True)
    ]


def trends(probe_ids: Collection[int], now: datetime) -> dict[int, list[float | None]]:
    """Mean latency of each of the last 24 full hours, in milliseconds, None where nothing answered; one query."""
    first = epoch(now - timedelta(hours=HOURS)) // 3600 * 3600
    found: dict[int, list[float | None]] = defaultdict(lambda: [None] * HOURS)
    rows = Bucket.objects.filter(
        probe_id__in=probe_ids, size=Size.HOUR, start__gte=first, start__lt=first + HOURS * 3600
    ).values_list("probe_id", "start", "latency", F("runs") - F("failures"), "unknown", "histogram")
    for probe_id, start, latency, runs, unknown, histogram in rows:
        answers = decode(histogram).total() if unknown else runs  # counting them costs more than the rest
        found[probe_id][(start - first) // 3600] = latency / answers if answers and latency else None
    return found
