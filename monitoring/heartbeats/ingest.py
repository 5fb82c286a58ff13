"""The listener: answers the addresses of jobs before Django's middleware sees the request.

A ping is acknowledged after its commit and never before. It needs no broker, no session, no template; a person's page may be
slow meanwhile and it is not.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections

from monitoring.heartbeats.acts import act
from monitoring.heartbeats.addresses import PING, PUSH, BadAddress, Call, read_ping, read_push
from monitoring.heartbeats.asking import heartbeat_provision
from monitoring.heartbeats.inbox import AMBIGUOUS, BUSY, STORED, UNKNOWN, inbox
from monitoring.heartbeats.models import BODY_LIMIT
from monitoring.heartbeats.stores import Row
from opsconsole.lib.addresses import caller

log = logging.getLogger(__name__)

_ABSURD = 1_000_000
_PIECE = 65_536
_QUERY = 500
_HEADERS = [
    ("Ping-Body-Limit", str(BODY_LIMIT)),
    ("Access-Control-Allow-Origin", "*"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]
_TEXT = [("Content-Type", "text/plain; charset=utf-8"), *_HEADERS]
_JSON = [("Content-Type", "application/json"), *_HEADERS]

_EXTRA = {
    204: [("Access-Control-Allow-Methods", "GET, HEAD, POST"), ("Access-Control-Allow-Headers", "*")],
    405: [("Allow", "POST")],
    BUSY: [("Retry-After", "2")],
}

Answer = tuple[int, str]
_WORDS = {
    STORED: "OK",
    UNKNOWN: "not found",
    AMBIGUOUS: "ambiguous slug",
    BUSY: "the console could not store this; send it again",
}
_STATUS = {code.value: f"{code.value} {code.phrase}" for code in HTTPStatus}


class TooLarge(Exception):
    """The body is beyond anything a job would send."""


def front(app: WSGIApplication) -> WSGIApplication:
    """Answer the addresses of jobs here; hand everything else to `app`."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PING):
            return _reply(environ, start_response, read_ping, plain)
        if path.startswith(PUSH):
            return _reply(environ, start_response, read_push, as_kuma)
        return app(environ, start_response)

    return application


def _reply(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    read: Callable[[str, str], Call],
    shape: Callable[[int, str], tuple[list[tuple[str, str]], str]],
) -> Iterable[bytes]:
    code, text = answer(environ, read)
    headers, body = shape(code, text)
    start_response(_STATUS[code], [*headers, *_EXTRA.get(code, [])])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.encode()]


def plain(_code: int, text: str) -> tuple[list[tuple[str, str]], str]:
    """Healthchecks' way to answer."""
    return _TEXT, text


def as_kuma(code: int, text: str) -> tuple[list[tuple[str, str]], str]:
    """Uptime Kuma's way to answer a push."""
    said: dict[str, Any] = {"ok": code < 300}
    if code >= 300:
        said["msg"] = "Monitor not found or not active." if code == UNKNOWN else text
    return _JSON, json.dumps(said)


def answer(environ: WSGIEnvironment, read: Callable[[str, str], Call]) -> Answer:
    """Store one ping; the status and the text of the answer. Never raises.

    Any method will do, as with Healthchecks, but for a browser's question whether it may call at all.
    """
    if environ["REQUEST_METHOD"] == "OPTIONS":
        return 204, ""
    try:
        call = read(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        row = _row(environ, call)
    except BadAddress as error:
        return 400, str(error)
    except TooLarge:
        return 413, f"send at most {_ABSURD} bytes; {BODY_LIMIT} are kept"
    if call.is_act:
        by = f"{row.ua or 'a script'} from {row.ip or 'somewhere'}"
        return _by_django(lambda: act(call, environ["REQUEST_METHOD"], by, row.at))
    code = inbox.store(call, row)
    if code == UNKNOWN and call.create:
        return _by_django(lambda: _create(call, row))
    return code, _WORDS[code]


def _create(call: Call, row: Row) -> Answer:
    """Make the heartbeat that the slug names, then store the ping that asked for it."""
    if not heartbeat_provision(ping_key=call.ping_key, slug=call.slug, now=row.at):
        return UNKNOWN, _WORDS[UNKNOWN]
    code = inbox.store(call, row)
    return (201, "Created") if code == STORED else (code, _WORDS[code])


def _by_django(ask: Callable[[], Answer]) -> Answer:
    """What needs more than the writer: rare, and in a connection of Django's that no request cycle ends."""
    try:
        return ask()
    except ValidationError as error:
        return 400, " ".join(error.messages)
    except DatabaseError:
        log.exception("What an address of a job asked for could not be done")
        return BUSY, _WORDS[BUSY]
    finally:
        connections["default"].close()


def _row(environ: WSGIEnvironment, call: Call) -> Row:
    body = _storable(call.note) or _body(environ)
    ua = environ.get("HTTP_USER_AGENT", "")[:200]
    return Row(
        0, datetime.now(UTC), call.kind, call.exit_status, call.rid, body, _storable(ua), caller(environ) or "", environ["REQUEST_METHOD"][:8],
        _query(environ),
    )  # fmt: skip


def _query(environ: WSGIEnvironment) -> str:
    """What followed the “?”; of too much, the first whole parameters."""
    query = _storable(environ.get("QUERY_STRING", ""))
    return query if len(query) <= _QUERY else query[: _QUERY + 1].rpartition("&")[0]


def _body(environ: WSGIEnvironment) -> str:
    """The first part of the body as text; what is no UTF-8 is replaced, as is NUL, which PostgreSQL cannot hold."""
    declared, raw = environ.get("CONTENT_LENGTH") or "", b""
    if declared.isdecimal():
        if (length := int(declared)) > _ABSURD:
            raise TooLarge
        raw = environ["wsgi.input"].read(min(length, BODY_LIMIT)) if length else b""
    elif environ["REQUEST_METHOD"] not in ("GET", "HEAD") and environ.get("wsgi.input_terminated"):
        # chunked: only where the server ends the input may we read to its end
        raw = _chunked(environ["wsgi.input"])
    return _storable(raw.decode("utf-8", "replace"))


def _chunked(stream: InputStream) -> bytes:
    """The first part of a body whose length nobody told; it is known only by counting. Raises TooLarge."""
    kept, length = b"", 0
    while piece := stream.read(_PIECE):
        kept += piece[: BODY_LIMIT - len(kept)]
        length += len(piece)
        if length > _ABSURD:
            raise TooLarge
    return kept


def _storable(text: str) -> str:
    """One odd character must not make the commit of a whole group fail."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()
