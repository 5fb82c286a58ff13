"""The six states of what is watched, and how several make one."""

from collections.abc import Iterable

from django.db import models


class Status(models.TextChoices):
    """`unknown` is “not measured”, also when the fault is ours; it is never shown green and never counted as down."""

    UP = "up", "Up"
    DEGRADED = "degraded", "Slow"
    DOWN = "down", "Down"
    UNKNOWN = "unknown", "Not measured"
    MAINTENANCE = "maintenance", "Maintenance"
    PAUSED = "paused", "Paused"


# From the worst. Paused says nothing about a service while something else of it is watched.
_ORDER = (Status.DOWN, Status.DEGRADED, Status.UNKNOWN, Status.MAINTENANCE, Status.UP, Status.PAUSED)
TONES = {
    Status.UP: "ok",
    Status.DEGRADED: "look",
    Status.DOWN: "bad",
    Status.UNKNOWN: "unknown",
    Status.MAINTENANCE: "unknown",
    Status.PAUSED: "unknown",
}


def worst(statuses: Iterable[str]) -> Status:
    """The worst of several; unknown when nothing is watched."""
    return min((Status(s) for s in statuses), key=_ORDER.index, default=Status.UNKNOWN)
