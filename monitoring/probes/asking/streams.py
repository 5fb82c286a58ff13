"""TCP, and TLS over it: connect, shake hands, send, read until there is enough."""

import errno
import select
import socket
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from monitoring.probes.asking import Failed, Ours, OutOfTime, Steps, Wait
from monitoring.probes.asking.names import Place, look_up
from monitoring.probes.kinds import Call
from opsconsole.lib.http.guard import refusal

R = TypeVar("R")
CHUNK = 16_384
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def places(call: Call, host: str, port: int) -> Steps[list[Place]]:
    """Where the console may go for a host. Raises Failed where it has no address, Ours where none is permitted."""
    begun = time.monotonic()
    found = yield from look_up(host, port)
    call.answer.dns += (time.monotonic() - begun) * 1000
    allowed = [place for place in found if call.permits(place.host)]
    if not allowed:
        raise Ours(refusal(found[0].host))
    return allowed


def connect(call: Call, host: str, port: int) -> Steps[socket.socket]:
    """A connection to the first place that accepts one; each gets its share of the time. Raises Failed with the last reason."""
    allowed = yield from places(call, host, port)
    begun, problems = time.monotonic(), list[Failed]()
    for number, place in enumerate(allowed):
        share = (call.ends - time.monotonic()) / (len(allowed) - number)
        try:
            opened = yield from reach(call, place, share)
        except Failed as error:
            problems.append(error)
            continue
        call.answer.connect += (time.monotonic() - begun) * 1000
        return opened
    raise next((p for p in reversed(problems) if not isinstance(p, Ours)), problems[-1])


def reach(call: Call, place: Place, seconds: float) -> Steps[socket.socket]:
    """A connection to one place. Raises Failed, and Ours where no way leads."""
    call.answer.peer = place.host
    opened = socket.socket(place.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        while (code := opened.connect_ex(place.address)) in (errno.EINPROGRESS, errno.EALREADY):
            if not (yield Wait(opened.fileno(), select.EPOLLOUT, seconds)):
                code = errno.ETIMEDOUT
                break
        _judge(call, place, code)
    except BaseException:
        opened.close()
        raise
    return opened


def _judge(call: Call, place: Place, code: int) -> None:
    """Raises Failed for what kept it from connecting."""
    where = _spelt(place)
    call.answer.reached = call.answer.reached or code in (0, errno.EISCONN, errno.ECONNREFUSED)
    if code in _NO_WAY:
        raise Ours("The console has no network route to this address.")
    if code == errno.ECONNREFUSED:
        raise Failed(f"Nothing accepts connections at {where}")
    if code == errno.ETIMEDOUT:
        raise Failed(f"{where} did not answer in time")
    if code not in (0, errno.EISCONN):
        raise Failed(f"No connection to {where} ({errno.errorcode.get(code, code)})")


def _spelt(place: Place) -> str:
    host, port = place.address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def shake_hands(
    call: Call, opened: socket.socket, context: ssl.SSLContext, name: str
) -> Steps[ssl.SSLSocket]:
    """TLS over a connection, which it takes over. Raises ssl.SSLCertVerificationError, or Failed for what else went wrong."""
    begun = time.monotonic()
    secured = context.wrap_socket(opened, server_hostname=name, do_handshake_on_connect=False)
    try:
        yield from _patiently(secured, secured.do_handshake, select.EPOLLIN)
    except ssl.SSLCertVerificationError:
        secured.close()
        raise
    except OSError as error:
        secured.close()
        raise Failed(f"The TLS handshake failed ({said(error)})") from None
    except BaseException:
        secured.close()
        raise
    call.answer.tls += (time.monotonic() - begun) * 1000
    return secured


def said(error: OSError) -> str:
    """What a library says of itself, without where in its source it says so."""
    reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
    return str(reason).lower().replace("_", " ")


def send(opened: socket.socket, data: bytes) -> Steps[None]:
    """All of it. Raises Failed."""
    try:
        while data:
            data = data[(yield from _patiently(opened, partial(opened.send, data), select.EPOLLOUT)) :]
    except OSError as error:
        raise Failed(f"The connection broke while sending ({said(error)})") from None


def read(call: Call, opened: socket.socket, enough: Callable[[bytes], bool], limit: int) -> Steps[bytes]:
    """What comes until it is `enough`, the other side ends, the time is over, or `limit` bytes are there. Raises Failed."""
    begun, came = time.monotonic(), b""
    try:
        while not enough(came) and len(came) < limit:
            data = yield from _patiently(opened, partial(opened.recv, CHUNK), select.EPOLLIN)
            if not data:
                break
            call.answer.first_byte = call.answer.first_byte or (time.monotonic() - begun) * 1000
            call.answer.body = came = came + data
    except OutOfTime:
        if not came:
            raise
    except OSError as error:
        raise Failed(f"The connection broke while reading ({said(error)})") from None
    return came


def _patiently(opened: socket.socket, act: Callable[[], R], events: int) -> Steps[R]:
    """Do what may have to wait for the network until it is done. Raises OSError."""
    while True:
        try:
            return act()
        except ssl.SSLWantReadError:
            events = select.EPOLLIN
        except ssl.SSLWantWriteError:
            events = select.EPOLLOUT
        except BlockingIOError:
            pass
        yield Wait(opened.fileno(), events)
