"""Echo requests of ICMP, over the kind of socket that this machine lets the console open."""

import errno
import secrets
import select
import socket
import struct
import time
from contextlib import closing

from monitoring.probes.asking import Ours, OutOfTime, Steps, Wait
from monitoring.probes.asking.names import Place
from monitoring.probes.kinds import Call

GAP, PATIENCE = 0.2, 2.0  # seconds between two packets, and until one that is not answered counts as lost
NOT_ALLOWED = (
    "The console may not send pings on this machine. Let its group do so with "
    "“sysctl -w net.ipv4.ping_group_range='0 2147483647'”, or give it the capability CAP_NET_RAW; then it is asked again."
)
_REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}
_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_HEAD = struct.Struct("!BBHHH")  # type, code, checksum, id, sequence
TOKEN = 16  # random bytes by which a run knows its own


def ping(call: Call, place: Place, packets: int) -> Steps[list[float | None]]:
    """How long each packet took to come back, in milliseconds; None for the lost. Raises Ours where pings are not allowed."""
    call.answer.peer = place.host
    with closing(_opened(place.family)) as asking:
        sent: list[float] = []
        back: dict[int, float] = {}
        try:
            asking.connect(place.address)
            yield from _exchange(asking, place.family, packets, sent, back)
        except OutOfTime:
            pass
        except OSError as error:
            if error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL):
                raise Ours("The console has no network route to this address.") from None
    call.answer.reached = bool(back)
    return [back.get(number) for number in range(packets)]


def _opened(family: int) -> socket.socket:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            return socket.socket(family, kind | socket.SOCK_NONBLOCK, _PROTOCOL[socket.AddressFamily(family)])
        except OSError:
            continue
    raise Ours(NOT_ALLOWED)


def _exchange(
    asking: socket.socket, family: int, packets: int, sent: list[float], back: dict[int, float]
) -> Steps[None]:
    """Send at an even pace and note what comes back meanwhile, until all is back or the last one counts as lost."""
    token = secrets.token_bytes(TOKEN)
    ends = due = time.monotonic()
    while len(back) < packets and (len(sent) < packets or time.monotonic() < ends):
        if len(sent) < packets and time.monotonic() >= due:
            asking.send(echo(family, token, len(sent)))
            sent.append(time.monotonic())
            due, ends = sent[-1] + GAP, sent[-1] + PATIENCE
        until = due if len(sent) < packets else ends
        if (yield Wait(asking.fileno(), select.EPOLLIN, max(0.0, until - time.monotonic()))):
            number = _next(asking, family, token)
            if number is not None and number < len(sent):
                back.setdefault(number, (time.monotonic() - sent[number]) * 1000)


def _next(asking: socket.socket, family: int, token: bytes) -> int | None:
    """The number of the packet that came back; None for anything else, what routers complain of included."""
    try:
        return heard(family, token, asking.recv(2048))
    except OSError:
        return None


def echo(family: int, token: bytes, number: int) -> bytes:
    """A request. Its id is the kernel's on one kind of socket, so the token is what counts."""
    head = _HEAD.pack(_REQUEST[socket.AddressFamily(family)], 0, 0, int.from_bytes(token[:2], "big"), number)
    total = _checksum(head + token)
    return head[:2] + struct.pack("!H", total) + head[4:] + token


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def heard(family: int, token: bytes, data: bytes) -> int | None:
    """The number of the request that `data` replies to, if it is one of ours. A raw socket gives the IPv4 header along."""
    if family == socket.AF_INET and data[:1] and data[0] >> 4 == 4:
        data = data[(data[0] & 15) * 4 :]
    if len(data) != _HEAD.size + TOKEN or data[_HEAD.size :] != token:
        return None
    head: tuple[int, ...] = _HEAD.unpack_from(data)
    return head[-1] if head[0] == _REPLY[socket.AddressFamily(family)] else None
