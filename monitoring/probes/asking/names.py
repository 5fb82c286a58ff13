"""Look names up as this machine does, without waiting: each on a thread of its own, one for a name however many ask for it.

So a name server that hangs holds as many threads as there are names, and past the cap only those that ask behind it.
"""

import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import NamedTuple, cast

from monitoring.probes.asking import Failed, Ours, Steps, Wait

MOST = 64  # look-ups under way


Address = tuple[str, int] | tuple[str, int, int, int]


class Place(NamedTuple):
    """Where a name leads: AF_INET or AF_INET6, and the address as `connect` takes it."""

    family: int
    address: Address

    @property
    def host(self) -> str:
        return self.address[0]


class _LookUp:
    """One name being looked up: `found` when done, or `problem` in words; rings every bell then."""

    def __init__(self) -> None:
        self.bells: set[int] = set()
        self.found: list[Place] = []
        self.problem = ""


_under_way: dict[tuple[str, int], _LookUp] = {}
_lock = Lock()


def look_up(host: str, port: int) -> Steps[list[Place]]:
    """Where a name leads, each place once. Raises Failed with a sentence when nowhere."""
    if known := numeric(host, port):
        return [known]
    with _bell() as bell:
        found = _join(host, port, bell)
        try:
            yield Wait(bell, select.EPOLLIN)
        finally:
            with _lock:
                found.bells.discard(bell)
    if found.problem:
        raise Failed(found.problem)
    return found.found


def numeric(host: str, port: int) -> Place | None:
    """What is an address already needs nobody to ask."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError, ValueError):
            socket.inet_pton(family, host)
            return Place(family, (host, port))
    return None


@contextmanager
def _bell() -> Iterator[int]:
    bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
    try:
        yield bell
    finally:
        os.close(bell)


def _join(host: str, port: int, bell: int) -> _LookUp:
    """Ask, or wait with those who asked already."""
    with _lock:
        known = _under_way.get((host, port))
        if known is None:
            if len(_under_way) >= MOST:
                raise Ours(f"The console waits for {MOST} other names to be found; its name server is slow.")
            known = _under_way[host, port] = _LookUp()
            Thread(target=_run, args=(host, port, known), name="probes-name", daemon=True).start()
        known.bells.add(bell)
        return known


def _run(host: str, port: int, asked: _LookUp) -> None:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        asked.found = list(dict.fromkeys(Place(family, cast("Address", to)) for family, *_, to in entries))
    except (OSError, UnicodeError):
        pass
    asked.problem = "" if asked.found else f"The host name {host} has no address"
    with _lock:
        del _under_way[host, port]
        for bell in asked.bells:
            with suppress(OSError):
                os.eventfd_write(bell, 1)
