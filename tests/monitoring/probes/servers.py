"""Targets on loopback, well-behaved and hostile: the path says what the server does."""

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(16 * 1024 * 1024), 1)


class Target:
    """`with Target() as target:` then ask `target.url("/ok")`. `asked` counts requests by path.

    /ok · /status/503 · /words · /slow/200 (ms) · /hang · /drip (a byte each 50 ms, for ever) · /reset · /empty · /garbage ·
    /loop (redirects to itself) · /to/<address> · /big (3 MB) · /headers (no end of them) · /echo (the request) ·
    /endless (a body without end, as fast as it goes) · /bomb (a little gzip that grows to 16 MB) · /json/<text> · /deep (JSON)
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.asked: dict[str, int] = {}
        self.ended = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]

    def url(self, path: str = "/ok") -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.close()

    def close(self) -> None:
        """Stop listening: from now on connections are refused."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # a close alone waits for the accept that is under way
        self.listener.close()

    def _serve(self) -> None:
        while not self.ended.is_set():
            with suppress(OSError):
                connection, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError, IndexError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            request = connection.recv(65_536)
            path = request.split(b" ")[1].decode()
            self.asked[path] = self.asked.get(path, 0) + 1
            verb, _, rest = path[1:].partition("/")
            getattr(self, f"do_{verb}")(connection, rest, request)
            if self.tls:
                connection.close()

    def do_ok(self, connection, _rest, _request):
        connection.sendall(answer(b"fine"))

    def do_status(self, connection, rest, _request):
        connection.sendall(answer(b"so it is", f"{rest} Scripted"))

    def do_words(self, connection, _rest, _request):
        connection.sendall(answer("The shop is öpen".encode()))

    def do_slow(self, connection, rest, _request):
        time.sleep(int(rest) / 1000)
        connection.sendall(answer(b"at last"))

    def do_hang(self, _connection, _rest, _request):
        self.ended.wait(30)

    def do_drip(self, connection, _rest, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not self.ended.wait(0.05):
            connection.sendall(b".")

    def do_reset(self, connection, _rest, _request):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def do_empty(self, _connection, _rest, _request):
        pass

    def do_garbage(self, connection, _rest, _request):
        connection.sendall(b"\x00\xff\x13 not http at all\r\n\r\n")

    def do_loop(self, connection, _rest, _request):
        connection.sendall(answer(b"", "302 Found", "Location: /loop"))

    def do_to(self, connection, rest, _request):
        connection.sendall(answer(b"", "302 Found", f"Location: {rest}"))

    def do_big(self, connection, _rest, _request):
        connection.sendall(answer(b"x" * 3_000_000))

    def do_headers(self, connection, _rest, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not self.ended.is_set():
            connection.sendall(b"X-Filler: " + b"y" * 1000 + b"\r\n")

    def do_endless(self, connection, _rest, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not self.ended.is_set():
            connection.sendall(b"z" * 65_536)

    def do_bomb(self, connection, _rest, _request):
        connection.sendall(answer(_bomb(), "200 OK", "Content-Encoding: gzip"))

    def do_json(self, connection, rest, _request):
        connection.sendall(answer(unquote(rest).encode(), "200 OK", "Content-Type: application/json"))

    def do_deep(self, connection, _rest, _request):
        connection.sendall(answer(b"[" * 500_000, "200 OK", "Content-Type: application/json"))

    def do_echo(self, connection, _rest, request):
        connection.sendall(answer(request))


class Scripted:
    """`with Scripted(act) as served:` gives each connection to `act`, on a thread of its own; `served.port` is where."""

    def __init__(self, act: Callable[[socket.socket], object], tls: ssl.SSLContext | None = None) -> None:
        self.act, self.tls = act, tls
        self.ended = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        while not self.ended.is_set():
            with suppress(OSError):
                connection, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.act(connection)
            connection.close()


def self_signed(folder: Path, days: int = 90) -> ssl.SSLContext:
    """A server context with a certificate for localhost that nobody trusts, expiring in `days`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
