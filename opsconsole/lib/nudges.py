"""A nudge says “look now” to whoever runs sweeps; losing one costs at most the time to the next sweep.

On one machine it is a datagram to a socket in the data folder; with Redis it is an entry of a short list, which exactly one
worker takes. A nudge carries the name of a sweep and when it is wanted: what is to be done stands in the rows.
"""

import logging
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from opsconsole.lib import redis

log = logging.getLogger(__name__)
KEY = "opsconsole:nudges"
_LONGEST = 1000  # nudges waiting in Redis; more say nothing new


NOW = timedelta()


def nudge(sweep: str, *, after: timedelta = NOW) -> None:
    """After the transaction commits, ask for a sweep: at once, or some seconds later, when something will be due.

    Never raises, never waits longer than half a second.
    """
    transaction.on_commit(partial(send, f"{sweep}+{after.total_seconds():g}" if after > NOW else sweep))


def send(said: str) -> None:
    """Ask for a sweep now; for those who commit by other means than Django's transactions."""
    try:
        _to_redis(said) if settings.REDIS_URL else _to_socket(said)
    except _losses() as error:
        log.debug("nobody took the nudge for %s: %s", said, error)


def understood(said: str) -> tuple[str, float]:
    """The name of the sweep, and in how many seconds it is wanted."""
    sweep, _, seconds = said.partition("+")
    return sweep, float(seconds) if seconds.replace(".", "", 1).isdecimal() else 0.0


def _losses() -> tuple[type[BaseException], ...]:
    return redis.errors() if settings.REDIS_URL else (OSError,)


def socket_path() -> Path:
    return Path(settings.DATA_DIR) / "engine.sock"


def _to_socket(said: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(said.encode(), str(socket_path()))


def _to_redis(said: str) -> None:
    with redis.client(settings.REDIS_URL, 0.5).pipeline() as pipe:
        pipe.lpush(KEY, said)
        pipe.ltrim(KEY, 0, _LONGEST)
        pipe.execute()


def listen() -> Iterator[str]:
    """Yields what nudges say, and "" at least every second so that the caller can see whether to stop."""
    return _from_redis() if settings.REDIS_URL else _from_socket()


def _from_socket() -> Iterator[str]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        try:
            socket_path().unlink(missing_ok=True)
            receiver.bind(str(socket_path()))
        except OSError as error:  # a path of over 107 characters is too long for a socket
            log.warning("No nudges are heard at %s (%s); sweeps go by the clock alone.", socket_path(), error)
        receiver.settimeout(1)
        while True:
            try:
                yield receiver.recv(200).decode(errors="replace")
            except TimeoutError:
                yield ""


def _from_redis() -> Iterator[str]:
    while True:
        try:
            found = redis.client(settings.REDIS_URL, 5).brpop([KEY], timeout=1)
            yield found[1].decode() if found else ""
        except redis.errors():
            time.sleep(1)  # the server is away; sweeps by the clock go on without nudges
            yield ""
