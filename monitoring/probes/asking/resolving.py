"""Ask name servers: over UDP from a fresh port with a random id, again while nothing comes, over TCP when the answer is cut."""

import select
import socket
import struct
import time
from contextlib import closing
from functools import cache
from importlib import import_module
from typing import Any

from monitoring.probes.asking import Failed, OutOfTime, Steps, Wait
from monitoring.probes.asking.names import Place, numeric
from monitoring.probes.asking.streams import reach, read, said, send
from monitoring.probes.kinds import Call

PAYLOAD = 1232  # bytes of an answer over UDP that pass everywhere in one piece
PATIENCE = 2.0  # seconds until another server is asked, or the same one again
PORT = 53


@cache
def library() -> Any:
    """dnspython, loaded by the first probe that needs it: most consoles have none."""
    for part in ("message", "reversename", "rcode", "rdatatype", "flags", "exception"):
        import_module(f"dns.{part}")
    return import_module("dns")


def query(name: str, kind: str) -> Any:
    """A question with a random id."""
    return library().message.make_query(name, kind, use_edns=True, payload=PAYLOAD)


def resolve(call: Call, name: str, kind: str, servers: list[Place]) -> Steps[Any]:
    """The first whole answer of one of the servers, as dnspython's Message. Raises Failed where none comes."""
    patience = PATIENCE
    while True:
        problems = list[Failed]()
        for server in servers:
            try:
                return (yield from _ask(call, query(name, kind), server, patience))
            except OutOfTime:
                raise
            except Failed as error:
                problems.append(error)
        if not any(isinstance(problem, Silent) for problem in problems):
            raise problems[-1] if problems else Failed("This machine knows no name server")
        patience *= 2


class Silent(Failed):
    """It may answer yet, if it is asked again."""


def _ask(call: Call, question: Any, server: Place, patience: float) -> Steps[Any]:
    call.answer.peer = server.host
    found = yield from _by_datagram(call, question, server, patience)
    if found.flags & library().flags.TC:
        found = yield from _by_stream(call, question, server)
    return found


def _by_datagram(call: Call, question: Any, server: Place, patience: float) -> Steps[Any]:
    """Only what comes from the server itself reaches a connected socket; what does not fit the question is passed over."""
    ends, silence = time.monotonic() + patience, f"The name server {server.host} did not answer in time"
    with closing(socket.socket(server.family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)) as asking:
        try:
            asking.connect(server.address)
            asking.send(question.to_wire())
            while (yield Wait(asking.fileno(), select.EPOLLIN, max(0.0, ends - time.monotonic()))):
                if found := _fitting(question, asking.recv(65_535)):
                    call.answer.reached = True
                    return found
                silence = f"The name server {server.host} sent only what does not answer the question"
        except OutOfTime:
            raise OutOfTime(silence) from None
        except OSError as error:
            call.answer.reached = isinstance(error, ConnectionRefusedError)
            raise Failed(f"The name server {server.host} takes no questions ({said(error)})") from None
    raise Silent(silence)


def _fitting(question: Any, wire: bytes) -> Any:
    """The message, if it answers the question; None for anything else that may come."""
    try:
        found = library().message.from_wire(wire, ignore_trailing=True, raise_on_truncation=False)
        return found if question.is_response(found) else None
    except (library().exception.DNSException, ValueError, LookupError, TypeError, struct.error):
        return None


def _by_stream(call: Call, question: Any, server: Place) -> Steps[Any]:
    with closing((yield from reach(call, server, call.ends - time.monotonic()))) as opened:
        wire = question.to_wire()
        yield from send(opened, len(wire).to_bytes(2, "big") + wire)
        came = yield from read(call, opened, _is_whole, 65_537)
    call.answer.body = b""
    found = _fitting(question, came[2:])
    if found is None:
        raise Failed(f"The name server {server.host} answered over TCP with what does not fit the question")
    return found


def _is_whole(came: bytes) -> bool:
    return len(came) >= 2 and len(came) >= 2 + int.from_bytes(came[:2], "big")


def place_of(text: str) -> Place | None:
    """“1.1.1.1”, “1.1.1.1:5353”, “2606:4700::1111” or “[::1]:5353”; None for anything else."""
    host, port = text, str(PORT)
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":") or str(PORT)
    elif text.count(":") == 1:
        host, port = text.split(":")
    if not port.isdecimal() or not 1 <= int(port[:6]) <= 65_535:
        return None
    return numeric(host, int(port))
