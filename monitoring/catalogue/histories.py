"""How a service did over time. Those who measure it register a reader here; the catalogue adds up and shows."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from opsconsole.lib.histograms import Histogram, quantile
from opsconsole.lib.registry import Registry

Step = Literal["hour", "day"]


@dataclass(frozen=True)
class Slice:
    """One service in one span of time, in seconds: `up` (slow included), `slow`, `down`; the rest was not measured.

    `latency` is the histogram of its answers in milliseconds.
    """

    service_id: int
    start: datetime
    length: float
    up: float
    slow: float
    down: float
    latency: Histogram = field(default_factory=Counter)

    @property
    def measured(self) -> float:
        return self.up + self.down


@dataclass(frozen=True)
class Total:
    """Several slices of one service together. Shares are 0 to 1; None where nothing was measured."""

    up: float
    slow: float
    down: float
    length: float
    latency: Histogram

    @property
    def uptime(self) -> float | None:
        measured = self.up + self.down
        return self.up / measured if measured else None

    @property
    def coverage(self) -> float:
        return min(1.0, (self.up + self.down) / self.length) if self.length else 0.0

    def latency_at(self, q: float) -> float | None:
        return quantile(self.latency, q)


def total(slices: Iterable[Slice], length: float | None = None) -> Total:
    """`length` is the whole span in seconds, when the slices may not fill it."""
    parts = list(slices)
    latency: Histogram = Counter()
    for part in parts:
        latency.update(part.latency)
    whole = sum(p.length for p in parts) if length is None else length
    return Total(
        sum(p.up for p in parts), sum(p.slow for p in parts), sum(p.down for p in parts), whole, latency
    )


def joined(views: Sequence[Slice]) -> Slice:
    """Several watchers of one service in the same slice: it was down as long as the one that saw it down longest.

    Watchers of one service mostly see the same outage, so the longest is nearer the truth than the sum.
    """
    if len(views) == 1:
        return views[0]
    measured = max(v.measured for v in views)
    down = max(v.down for v in views)
    latency: Histogram = Counter()
    for view in views:
        latency.update(view.latency)
    first = views[0]
    return Slice(
        first.service_id,
        first.start,
        first.length,
        measured - down,
        min(max(v.slow for v in views), measured - down),
        down,
        latency,
    )


History = Callable[[Collection[int], datetime, datetime, Step], list[Slice]]
"""Given service ids, a start, an end and a step: their slices in one query; each service and start once, in order of start."""

histories: Registry[History] = Registry("history of services")
