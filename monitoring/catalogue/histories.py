"""How a service did over time. Those who measure it register a reader here; the catalogue adds up and shows."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from opsconsole.lib.histograms import Histogram, add, merge, quantile
from opsconsole.lib.registry import Registry

Step = Literal["hour", "day"]


class Slice(NamedTuple):
    """One service in one span of time, in seconds: `up` (slow included), `slow`, `down`; the rest was not measured, or it was
    measured under `maintenance` and counts as none of these.

    `latency` holds encoded histograms of its answers (opsconsole.lib.histograms); they are decoded when somebody asks.
    """

    service_id: int
    start: datetime
    length: float
    up: float
    slow: float
    down: float
    latency: tuple[str, ...] = ()
    maintenance: float = 0.0

    @property
    def measured(self) -> float:
        return self.up + self.down


@dataclass(frozen=True)
class Total:
    """Several slices of one service together. Shares are 0 to 1; None where nothing was measured.

    Maintenance is no part of what should have been measured: what counts is measured of the rest.
    `parts` are those that it was added up from: the answers of each are decoded once, whatever else it goes into.
    """

    up: float
    slow: float
    down: float
    length: float
    latency: tuple[str, ...] = ()
    maintenance: float = 0.0
    parts: "tuple[Total, ...]" = ()

    @property
    def uptime(self) -> float | None:
        measured = self.up + self.down
        return self.up / measured if measured else None

    @property
    def coverage(self) -> float:
        counting = self.length - self.maintenance
        if counting <= 0:
            return 1.0 if self.maintenance else 0.0
        return min(1.0, (self.up + self.down) / counting)

    @cached_property
    def _histogram(self) -> Histogram:
        found = merge(self.latency)
        for part in self.parts:
            add(found, part._histogram)
        return found

    @property
    def answers(self) -> int:
        return self._histogram.total()

    def latency_at(self, q: float) -> float | None:
        """Milliseconds; None of no answers."""
        return quantile(self._histogram, q)


def total(slices: Iterable[Slice], length: float | None = None) -> Total:
    """`length` is the whole span in seconds, when the slices may not fill it."""
    up = slow = down = filled = maintenance = 0.0
    latency: list[str] = []
    for piece in slices:
        up, slow, down = up + piece.up, slow + piece.slow, down + piece.down
        filled, maintenance = filled + piece.length, maintenance + piece.maintenance
        latency += piece.latency
    return Total(up, slow, down, filled if length is None else length, tuple(latency), maintenance)


def spent(piece: Slice | None, length: float) -> Total:
    """The total of a span of `length` seconds of which one slice is known, or nothing."""
    if piece is None:
        return Total(0.0, 0.0, 0.0, length)
    return Total(piece.up, piece.slow, piece.down, length, piece.latency, piece.maintenance)


def added(totals: Sequence[Total]) -> Total:
    """Totals of spans that follow each other."""
    up = slow = down = length = maintenance = 0.0
    for one in totals:
        up, slow, down = up + one.up, slow + one.slow, down + one.down
        length, maintenance = length + one.length, maintenance + one.maintenance
    parts = tuple(one for one in totals if one.latency or one.parts)
    return Total(up, slow, down, length, maintenance=maintenance, parts=parts)


def joined(views: Sequence[Slice]) -> Slice:
    """Several watchers of one service in the same slice: it was down as long as the one that saw it down longest.

    Watchers of one service mostly see the same outage, so the longest is nearer the truth than the sum.
    """
    if len(views) == 1:
        return views[0]
    first, down = views[0], max(v.down for v in views)
    up = max(v.measured for v in views) - down
    return Slice(
        first.service_id,
        first.start,
        first.length,
        up,
        min(max(v.slow for v in views), up),
        down,
        tuple(text for v in views for text in v.latency),
        max(v.maintenance for v in views),
    )


@dataclass(frozen=True)
class Wanted:
    """Which services, from when to when, in steps of what, and whether latencies are wanted too (they weigh)."""

    service_ids: Collection[int]
    start: datetime
    end: datetime
    step: Step
    latency: bool = False


History = Callable[[Wanted], list[Slice]]
"""The slices that are wanted, in order of service and start, in one query. Steps of a day begin at midnights of the team's zone."""

histories: Registry[History] = Registry("history of services")
