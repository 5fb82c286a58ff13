"""The six states of what is watched, how several make one, and two rules of services: no circles, an error budget."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    """`unknown` is “not measured”, also when the fault is ours; it is never shown green and never counted as down."""

    UP = "up", "Up"
    DEGRADED = "degraded", "Degraded"
    DOWN = "down", "Down"
    UNKNOWN = "unknown", "Not measured"
    MAINTENANCE = "maintenance", "Maintenance"
    PAUSED = "paused", "Paused"


# From the worst. Paused says nothing about a service while something else of it is watched.
ORDER = (Status.DOWN, Status.DEGRADED, Status.UNKNOWN, Status.MAINTENANCE, Status.UP, Status.PAUSED)
RANKS = {
    status.value: rank for rank, status in enumerate(ORDER)
}  # by what is stored, since a page sorts thousands
TONES = {
    Status.UP: "ok",
    Status.DEGRADED: "look",
    Status.DOWN: "bad",
    Status.UNKNOWN: "unknown",
    Status.MAINTENANCE: "maintained",
    Status.PAUSED: "unknown",
}


def worst(statuses: Iterable[str]) -> Status:
    """The worst of several; unknown when nothing is watched."""
    return Status(min(statuses, key=RANKS.__getitem__, default=Status.UNKNOWN))


def path_between(edges: Mapping[int, Collection[int]], start: int, goal: int) -> list[int]:
    """The nodes on a way from `start` to `goal` along the edges, both included; empty when there is none."""
    ways, seen = deque([[start]]), {start}
    while ways:
        way = ways.popleft()
        if way[-1] == goal:
            return way
        for following in edges.get(way[-1], ()):
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


@dataclass(frozen=True)
class Budget:
    """The error budget of a span, in seconds: what the target allows to be down, and what was."""

    allowed: float
    spent: float

    @property
    def left(self) -> float:
        return self.allowed - self.spent

    @property
    def tone(self) -> str:
        """ok while more than a quarter is left, look until it is used up, then bad."""
        if self.left < 0:
            return "bad"
        return "ok" if self.left > self.allowed / 4 else "look"


def budget(target: float, length: float, down: float) -> Budget:
    """`target` in per cent over a span of `length` seconds: 99.9 over 30 days allows 2,592 s."""
    return Budget(round(length * (100 - target) / 100, 3), down)
