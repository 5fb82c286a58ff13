"""A name server on loopback whose answers are in the name that is asked for.

hang… gets none · fails… SERVFAIL · nothing… NXDOMAIN · many… 500 addresses at which nobody listens · others 127.0.0.1
"""

import socketserver
import struct
import threading
from typing import Self

ADDRESS = "127.0.0.153"
_FAILED, _NO_SUCH_NAME, _CUT_OFF = 2, 3, 0x0200
_A = 1


def reply(query: bytes, room: int) -> bytes:
    """To a query; "" when it is to hang. What does not fit into `room` is cut off, so that it is asked for over TCP."""
    first, (kind,) = query[13 : 13 + query[12]], struct.unpack("!H", query[-4:-2])
    if first.startswith(b"hang"):
        return b""
    code = {b"fails": _FAILED, b"nothi": _NO_SUCH_NAME}.get(first[:5], 0)
    count = (500 if first.startswith(b"many") else 1) if kind == _A and not code and first else 0
    hosts = (
        [b"\x7f\x00\x00\x01"]
        if count == 1
        else [bytes((127, 0, 1 + n // 250, 1 + n % 250)) for n in range(count)]
    )
    records = b"".join(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + host for host in hosts)
    if len(query) + len(records) > room:
        return query[:2] + struct.pack("!HHHHH", 0x8180 | _CUT_OFF, 1, 0, 0, 0) + query[12:]
    return query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, count, 0, 0) + query[12:] + records


class _Udp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        if told := reply(self.request[0], 512):
            self.request[1].sendto(told, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        (length,) = struct.unpack("!H", self.rfile.read(2))
        told = reply(self.rfile.read(length), 65_535)
        self.wfile.write(struct.pack("!H", len(told)) + told)


class _TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class Names:
    """`with Names():` it listens at ADDRESS, port 53, which takes root."""

    def __enter__(self) -> Self:
        self.servers: list[socketserver.BaseServer] = [
            socketserver.UDPServer((ADDRESS, 53), _Udp),
            _TcpServer((ADDRESS, 53), _Tcp),
        ]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()
