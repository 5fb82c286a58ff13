"""Readers of the roll-ups: uptime, bars, latency. Seconds, never beats: uptime = time up or slow / time measured."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from monitoring.catalogue.histories import Slice, Step, Total
from monitoring.probes.models import Size
from opsconsole.lib.histograms import Histogram
from opsconsole.lib.periods import Period


@dataclass(frozen=True)
class Point:
    """A probe over one minute, hour or day: latencies in milliseconds (None where nothing answered) and its runs.

    The phases are means of the span: name look-up, connection, TLS handshake, first byte, the whole.
    """

    start: datetime
    length: float
    runs: int
    failures: int
    up: float
    slow: float
    down: float
    mean: float | None
    dns: float | None
    connect: float | None
    tls: float | None
    first_byte: float | None
    latency: Histogram = field(default_factory=Counter)

    @property
    def p50(self) -> float | None: ...

    @property
    def p95(self) -> float | None: ...


def service_slices(service_ids: Collection[int], start: datetime, end: datetime, step: Step) -> list[Slice]:
    """For the catalogue's histories: each service and hour or day of the team's zone once, in order of start."""
    raise NotImplementedError


def services_uptime(service_ids: Collection[int], period: Period, now: datetime) -> dict[int, Total]:
    """Each service over the part of the period that is behind us: `.uptime` 0–1 or None, `.coverage` 0–1, `.down` seconds."""
    raise NotImplementedError


def probes_uptime(probe_ids: Collection[int], period: Period, now: datetime) -> dict[int, Total]:
    raise NotImplementedError


def points(probe_id: int, start: datetime, end: datetime, size: Size) -> list[Point]:
    """A probe's latency and uptime by minute (two days back), hour (400 days) or day, in order; empty spans are absent."""
    raise NotImplementedError
