"""What one page asks twice is read once: a memory that lasts as long as the reading, and never longer.

Several figures of a page are made of the same rows. Readers that say so with `@once` are asked for them a single time while
`reading()` lasts, which also keeps what a page says consistent; anywhere else they are plain functions. It is opened around
every GET, which changes nothing, and around the making of a report or of a day's figures.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
R = TypeVar("R")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("what this reading has read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Write nothing meanwhile that a reader with `@once` may have read. A reading within a reading shares its memory."""
    token = _memory.set({}) if _memory.get() is None else None
    try:
        yield
    finally:
        if token:
            _memory.reset(token)


def once(read: Callable[P, R]) -> Callable[P, R]:
    """For readers whose arguments can be hashed, and whose answer nobody changes."""

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None:
            return read(*args, **kwargs)
        key = (ask, args, *sorted(kwargs.items()))
        if key not in memory:
            memory[key] = read(*args, **kwargs)
        answer: R = memory[key]
        return answer

    return ask


class ReadingMiddleware:
    """One reading for each request that changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading():
            return self.get_response(request)
