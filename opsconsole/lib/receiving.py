"""What systems post to us: read to its end or to a limit and never further, and on the disk before it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest

START = 16_384
"""Bytes kept of a body that is not taken."""


class BadBody(ValueError):
    """The body is not taken; the message is a sentence, `status` the code of the answer, `start` how it begins, where that is known."""

    def __init__(self, status: int, sentence: str, start: bytes = b"") -> None:
        super().__init__(sentence)
        self.status, self.start = status, start


def read_body(request: HttpRequest, limit: int) -> bytes:
    """At most `limit` bytes, a whole number of megabytes. Raises BadBody for what is larger, packed, broke off, or empty."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    packed = request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity")
    large = declared.isdecimal() and int(declared) > limit
    try:
        body = _read(request, START if large or packed else limit + 1)
    except OSError:
        raise BadBody(400, "The body broke off.") from None
    if large or len(body) > limit:
        raise BadBody(413, f"Send at most {limit // 1024 // 1024} MB at once.", body[:START])
    if packed:
        raise BadBody(400, "Send it without Content-Encoding: what is packed is not unpacked here.", body)
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
