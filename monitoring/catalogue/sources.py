"""Who knows the state of a service: probes and heartbeats register a reader here, so that the catalogue need not import them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Signal:
    """The present state of one probe or heartbeat of a service."""

    service_id: int
    source: str
    title: str
    status: str
    detail: str
    url: str


Source = Callable[[Collection[int]], list[Signal]]
"""Given service ids, their signals, in one query."""

sources: Registry[Source] = Registry("source of states")
