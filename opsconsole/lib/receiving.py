"""What systems post to us: read to its end or to a limit and never further, and on the disk before it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest


class BadBody(ValueError):
    """The body is not taken; the message is a sentence, `status` the code of the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def read_body(request: HttpRequest, limit: int) -> bytes:
    """At most `limit` bytes, a whole number of megabytes. Raises BadBody for what is larger, packed, broke off, or empty."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    too_large = BadBody(413, f"Send at most {limit // 1024 // 1024} MB at once.")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise BadBody(400, "Send it without Content-Encoding: what is packed is not unpacked here.")
    try:
        body = _read(request, limit + 1)
    except OSError:
        raise BadBody(400, "The body broke off.") from None
    if len(body) > limit:
        raise too_large
    if not body.strip():
        raise BadBody(400, "The body is empty.")
    return body


def _read(request: HttpRequest, most: int) -> bytes:
    """What has no length is read where the server ends the input, which Django itself would take for nothing."""
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        chunked: bytes = request.META["wsgi.input"].read(most)
        return chunked
    return request.read(most)


@contextmanager
def durable() -> Iterator[None]:
    """On SQLite, commits within reach the disk before they return; elsewhere they do anyway."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _synchronous("FULL")
    try:
        yield
    finally:
        _synchronous("NORMAL")


def _synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
