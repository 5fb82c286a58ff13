"""The address for pushing, `POST /in/metrics/<key>`: answered before Django's middleware sees the request.

A push is stored before it is answered, and taken whole or refused whole, so that it can simply be sent again.
"""

import json
import time
import zlib
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import DatabaseError, connections

from monitoring.metrics import parsing_json, parsing_text
from monitoring.metrics.inbox import BUSY, inbox
from monitoring.metrics.models import PushKey
from monitoring.metrics.samples import BadPush, Sample, Window
from monitoring.metrics.writing import Push
from opsconsole.lib import clock
from opsconsole.lib.moments import to_ms
from opsconsole.lib.secrets import digest

PATH = "/in/metrics/"
LARGEST = 4_000_000
MOST_SAMPLES = 50_000
_HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]
_MORE = {405: [("Allow", "POST")], 503: [("Retry-After", "2")]}
Answer = tuple[int, dict[str, object]]


class Keys:
    """The open keys by digest; asked for again after two seconds, and for one that is not known."""

    def __init__(self) -> None:
        self._keys: dict[str, PushKey] = {}
        self._read_at = float("-inf")

    def find(self, token: str) -> PushKey | None:
        """Raises DatabaseError."""
        wanted, now = digest(token), time.monotonic()
        if now - self._read_at > 2 or (wanted not in self._keys and now - self._read_at > 0.2):
            found = PushKey.objects.filter(revoked_at=None).select_related("service")
            self._keys, self._read_at = {key.digest: key for key in found}, now
        return self._keys.get(wanted)


keys = Keys()


def front(app: WSGIApplication) -> WSGIApplication:
    """Answer pushes here; hand everything else to `app`."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return app(environ, start_response)
        code, said = answer(environ)
        status = HTTPStatus(code)
        start_response(f"{code} {status.phrase}", [*_HEADERS, *_MORE.get(code, [])])
        # Half of a character that takes two may stand in what was sent, and so in what is said of it.
        return [json.dumps(said, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"]

    return application


def answer(environ: WSGIEnvironment) -> Answer:
    """Store one push; the status and what is said. Never raises."""
    if environ["REQUEST_METHOD"] != "POST":
        return _no(405, "send metrics by POST")
    try:
        return _answer(environ, clock.now())
    except BadPush as error:
        return _no(400, str(error))
    except DatabaseError:
        return _no(503, BUSY)
    finally:
        _give_back()


def _give_back() -> None:
    """The connection, to the pool of PostgreSQL's: no request cycle of Django's ends here. A file of SQLite's stays open."""
    connection = connections["default"]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


def _answer(environ: WSGIEnvironment, now: datetime) -> Answer:
    key = keys.find(environ["PATH_INFO"][len(PATH) :].rstrip("/"))
    if key is None:
        return _no(404, "there is no such key, or it was revoked")
    coding = environ.get("HTTP_CONTENT_ENCODING", "identity").lower()
    if coding not in ("", "identity", "gzip"):
        return _no(415, "send it as gzip, or without compression")
    body = _body(environ)
    if coding == "gzip" and len(body) <= LARGEST:
        body = _unpacked(body)
    if len(body) > LARGEST:
        return _no(413, f"send at most {LARGEST:,} bytes at once")
    samples = read(body, environ.get("CONTENT_TYPE", ""), now)
    if len(samples) > MOST_SAMPLES:
        return _no(413, f"send at most {MOST_SAMPLES:,} samples at once; these are {len(samples):,}")
    refusal = inbox.store(Push(samples, key, now)) if samples else ""
    if refusal:
        return _no(503 if refusal == BUSY else 400, refusal)
    return 200, {"ok": True, "samples": len(samples)}


def _no(code: int, reason: str) -> Answer:
    return code, {"ok": False, "reason": f"{reason}."}


def _body(environ: WSGIEnvironment) -> bytes:
    """As much as is taken, and a byte more where there is more."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared.isdecimal():
        length = int(declared)
        return bytes(LARGEST + 1) if length > LARGEST else environ["wsgi.input"].read(length)
    if environ.get(
        "wsgi.input_terminated"
    ):  # chunked: only where the server ends the input may we read to its end
        pieces, length = [], 0
        while length <= LARGEST and (piece := environ["wsgi.input"].read(65_536)):
            pieces.append(piece)
            length += len(piece)
        return b"".join(pieces)
    return b""


def _unpacked(body: bytes) -> bytes:
    """As much as is taken, and a byte more where there is more. Raises BadPush."""
    unpacking = zlib.decompressobj(31)
    try:
        found = unpacking.decompress(body, LARGEST + 1)
    except zlib.error:
        raise BadPush("it says that it is gzip, and is not") from None
    if not unpacking.eof and len(found) <= LARGEST:
        raise BadPush("the end of the gzip is missing")
    return found


def read(body: bytes, kind: str, now: datetime) -> list[Sample]:
    """As JSON when it says so or begins like it, else as Prometheus' text. Raises BadPush."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPush(f"byte {error.start + 1} is no UTF-8") from None
    if not text.strip():
        raise BadPush("nothing was sent")
    as_json = "json" in kind or ("version=" not in kind and text.lstrip()[:1] in ("{", "["))
    window = Window(to_ms(now))
    return parsing_json.read(text, window) if as_json else parsing_text.read(text, window, kind)
