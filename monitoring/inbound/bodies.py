"""The body of a request, read to its end or to the limit, and never further."""

from django.http import HttpRequest

LIMIT = 5 * 1024 * 1024
"""Room for some five thousand alerts in one delivery."""


class BadBody(ValueError):
    """The body is not taken; the message is a sentence, `status` the code of the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def body_of(request: HttpRequest) -> bytes:
    """Raises BadBody for what is too large, packed, or nothing."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and int(declared) > LIMIT:
        raise _too_large()
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise BadBody(400, "Send it without Content-Encoding: what is packed is not unpacked here.")
    body = _read(request)
    if not body.strip():
        raise BadBody(400, "The body is empty.")
    return body


def _read(request: HttpRequest) -> bytes:
    """What has no length is read where the server ends the input, which Django itself would take for nothing."""
    open_ended = not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated")
    try:
        body: bytes = request.META["wsgi.input"].read(LIMIT + 1) if open_ended else request.read(LIMIT + 1)
    except OSError:
        raise BadBody(400, "The body broke off.") from None
    if len(body) > LIMIT:
        raise _too_large()
    return body


def _too_large() -> BadBody:
    return BadBody(413, f"Send at most {LIMIT // 1024 // 1024} MB at once.")
