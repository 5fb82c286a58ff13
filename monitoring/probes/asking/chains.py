"""The certificates that a server shows, whether they are trusted or not."""

import socket
import ssl
from contextlib import closing
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NamedTuple

from monitoring.probes.asking import Steps
from monitoring.probes.asking.streams import connect, shake_hands
from monitoring.probes.kinds import Call
from opsconsole.lib.moments import to_ms
from opsconsole.lib.phrases import one_line


class Certificate(NamedTuple):
    """Whose it is, who signed it, and when it ends, in milliseconds since 1970."""

    subject: str
    issuer: str
    ends: int


class Chain(NamedTuple):
    """What a server showed, its own certificate first, without roots; and why it is not trusted, "" when it is."""

    certificates: list[Certificate]
    problem: str


@cache
def tls_context(verify: bool) -> ssl.SSLContext:
    """One for all: to load the roots takes longer than a handshake."""
    context = ssl.create_default_context()
    context.check_hostname = verify
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    return context


def read_chain(call: Call, host: str, port: int, name: str) -> Steps[Chain]:
    """Shake hands as a browser would; where that fails for the certificate, once more without looking, to see what is wrong."""
    opened = yield from connect(call, host, port)
    try:
        secured = yield from shake_hands(call, opened, tls_context(True), name)
        problem = ""
    except ssl.SSLCertVerificationError as error:
        opened = yield from connect(call, host, port)
        secured = yield from shake_hands(call, opened, tls_context(False), name)
        problem = error.verify_message
    with closing(secured):
        return Chain(_shown(secured, trusted=not problem), problem)


def _shown(secured: socket.socket, *, trusted: bool) -> list[Certificate]:
    """Python makes this public in 3.13, and then without what a certificate says."""
    inside: Any = getattr(secured, "_sslobj")  # noqa: B009 - private, see above
    raw = inside.get_verified_chain() if trusted else inside.get_unverified_chain()
    found = [_read(certificate.get_info()) for certificate in raw or []]
    return [one for place, one in enumerate(found) if place == 0 or one.subject != one.issuer]


def _read(info: dict[str, Any]) -> Certificate:
    ends = parsedate_to_datetime(_as_mail(info["notAfter"]))
    return Certificate(_name(info["subject"]), _name(info["issuer"]), to_ms(ends.replace(tzinfo=UTC)))


def _as_mail(moment: str) -> str:
    """“Jan  5 09:34:43 2018 GMT” → “5 Jan 2018 09:34:43 GMT”."""
    month, day, clock, year, zone = moment.split()
    return f"{day} {month} {year} {clock} {zone}"


def _name(parts: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    known = {key: value for part in parts for key, value in part}
    return one_line(
        known.get("commonName") or known.get("organizationName") or "a certificate without a name"
    )
