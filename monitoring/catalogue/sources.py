"""Who knows the state of a service: probes and heartbeats register readers here, so that the catalogue need not import them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Signal:
    """The present state of one probe or heartbeat of a service: since when, why in a few words, and its page."""

    service_id: int
    source: str
    title: str
    status: str
    detail: str
    url: str
    since: datetime | None = None


Source = Callable[[Collection[int]], list[Signal]]
"""Given service ids, their signals, in one query."""

sources: Registry[Source] = Registry("source of states")

Troubles = Callable[[], "QuerySet[Any, tuple[int, str]]"]
"""What is down or slow now, as `.values_list("service_id", "status")`: the navigation joins all of them into one query."""

troubles: Registry[Troubles] = Registry("source of troubles")
