"""Who knows the state of a service: probes and heartbeats register readers here, so that the catalogue need not import them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from monitoring.catalogue.states import TONES, Status
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Signal:
    """The present state of one probe or heartbeat of a service: since when, why in a few words, and its page.

    `is_new` is one of which nothing was ever known.
    """

    service_id: int
    source: str
    title: str
    status: str
    detail: str
    url: str
    since: datetime | None = None
    is_new: bool = False

    @property
    def tone(self) -> str:
        return TONES[Status(self.status)]

    @property
    def word(self) -> str:
        return Status(self.status).label

    @property
    def kind(self) -> str:
        """“probe”, “heartbeat”."""
        return self.source.partition(":")[0]


Source = Callable[[Collection[int]], list[Signal]]
"""Given service ids, their signals, in one query."""

sources: Registry[Source] = Registry("source of states")

States = Callable[[], "QuerySet[Any, tuple[int, str]]"]
"""Each service's states without their reasons, as `.values_list("service_id", "status").distinct()`: the navigation of every page
joins all of them into one query."""

states: Registry[States] = Registry("source of bare states")
