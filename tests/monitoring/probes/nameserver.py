"""A name server on loopback, over UDP and TCP on one port; the name asked for says how it behaves."""

import socket
import threading
import time
from contextlib import suppress
from typing import Any, Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

RECORDS = {
    ("shop.test.", "A"): ["203.0.113.7", "203.0.113.8"],
    ("shop.test.", "MX"): ["10 mail.shop.test."],
    ("shop.test.", "TXT"): ['"v=spf1 " "-all"'],
    ("nul.test.", "TXT"): ['"a\\000b\\255"'],
    ("shop.test.", "CAA"): ['0 issue "ca.example"'],
    ("big.test.", "TXT"): [f'"{n:04} {"x" * 200}"' for n in range(200)],
    ("7.113.0.203.in-addr.arpa.", "PTR"): ["shop.test."],
}


class NameServer:
    """silent.test · garbage.test · otherid.test (a wrong id first) · slow.test · refused.test · failing.test · big.test (cut)."""

    def __init__(self) -> None:
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp.bind(("127.0.0.1", self.port))
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for serve in (self._datagrams, self._streams):
            threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self.udp, self.tcp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _datagrams(self) -> None:
        with suppress(OSError):
            while (got := self.udp.recvfrom(65_535))[0]:
                wire, sender = got
                for reply in self._replies(wire, "udp"):
                    self.udp.sendto(reply, sender)

    def _streams(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.tcp.accept()
                with connection:
                    wire = connection.recv(65_535)[2:]
                    for reply in self._replies(wire, "tcp"):
                        connection.sendall(len(reply).to_bytes(2, "big") + reply)

    def _replies(self, wire: bytes, way: str) -> list[bytes]:
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text()
        self.asked.append((name, way))
        act = getattr(self, f"do_{name.split('.', maxsplit=1)[0]}", None)
        return act(query) if act else [self._answer(query, way)]

    def _answer(self, query: Any, way: str) -> bytes:
        reply, asked = dns.message.make_response(query), query.question[0]
        found = RECORDS.get((asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)))
        if found:
            reply.answer.append(dns.rrset.from_text_list(asked.name, 300, "IN", asked.rdtype, found))
        elif not any(name == asked.name.to_text() for name, _ in RECORDS):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if way == "udp" and len(reply.to_wire(max_size=65_535)) > 1232:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
        return bytes(reply.to_wire(max_size=65_535))

    def do_silent(self, _query: Any) -> list[bytes]:
        return []

    def do_garbage(self, query: Any) -> list[bytes]:
        return [b"\xff" * 40, query.id.to_bytes(2, "big") + b"\x81\x80\x00\x01\xff\xff"]

    def do_otherid(self, query: Any) -> list[bytes]:
        wrong = dns.message.make_response(query)
        wrong.id, wrong.answer = (
            query.id ^ 1,
            [dns.rrset.from_text(query.question[0].name, 9, "IN", "A", "6.6.6.6")],
        )
        right = dns.message.make_response(query)
        right.answer = [dns.rrset.from_text(query.question[0].name, 9, "IN", "A", "203.0.113.9")]
        return [wrong.to_wire(), right.to_wire()]

    def do_slow(self, query: Any) -> list[bytes]:
        time.sleep(0.06)
        return self.do_otherid(query)

    def do_failing(self, query: Any) -> list[bytes]:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.SERVFAIL)
        return [reply.to_wire()]
