"""Redis, loaded only where REDIS_URL is set: the client costs 8 MB that the embedded console does without."""

from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache(maxsize=8)
def client(url: str, timeout: float) -> Any:
    """One pooled client for a server and time-out (seconds, to connect and to answer)."""
    return import_module("redis").Redis.from_url(
        url, socket_timeout=timeout, socket_connect_timeout=min(timeout, 2)
    )


def errors() -> tuple[type[BaseException], ...]:
    """What a call may raise when the server is away."""
    return (OSError, import_module("redis").RedisError)
