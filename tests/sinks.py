"""Real servers on loopback that receive what the console sends: a mail server and a web server with scripted answers.

    with SmtpSink("451 4.3.0 Try later") as mail, WebhookSink(503) as hook:
        settings.EMAIL_URL = mail.url
        channel = …{"url": hook.url}
        …
        mail.received[0]["Subject"], hook.received[0].json()

Answers are taken one a conversation, in order; when they are used up, everything is accepted. Allow loopback with the fixture
`loopback`, since the console refuses private addresses otherwise.
"""

import asyncio
import json
import logging
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, Self, TypeVar

from aiosmtpd.smtp import SMTP

T = TypeVar("T")
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink(Generic[T]):
    """What both have in common: `received`, `answers`, and waiting for what another process sends."""

    def __init__(self, *answers: Any) -> None:
        self.answers: deque[Any] = deque(answers)
        self.received: list[T] = []
        self.tries = 0
        self.released = threading.Event()
        self._changed = threading.Condition()

    def answer(self) -> Any:
        with self._changed:
            self.tries += 1
            return self.answers.popleft() if self.answers else None

    def script(self, *answers: Any) -> None:
        """Replace what is answered from now on."""
        self.answers = deque(answers)

    def take(self, item: T) -> None:
        with self._changed:
            self.received.append(item)
            self._changed.notify_all()

    def wait(self, count: int = 1, seconds: float = 20) -> list[T]:
        """Until `count` have come. Raises AssertionError with what came instead."""
        with self._changed:
            come = self._changed.wait_for(lambda: len(self.received) >= count, seconds)
        assert come, f"{len(self.received)} of {count} came in {seconds} s: {self.received}"
        return self.received


@dataclass
class Hook:
    """A call that came in; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class WebhookSink(Sink[Hook]):
    """Answers: a status · (status, headers) · (status, headers, body) · "hang" · "reset" · "garbage"; otherwise 200.

    Every call is in `received`, whatever it was answered.
    """

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"sink": self}))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    sink: WebhookSink
    protocol_version = "HTTP/1.1"
    timeout = 30

    def _handle(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.sink.answer()
        self.sink.take(Hook(self.command, self.path, headers, body))
        if isinstance(answer, str):
            self._misbehave(answer)
        else:
            self._reply(*(answer if isinstance(answer, tuple) else (answer or 200,)))

    do_GET = do_POST = do_PUT = do_HEAD = _handle  # noqa: N815 — the names are http.server's

    def _reply(self, status: int, headers: dict[str, str] | None = None, body: str = "") -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def _misbehave(self, how: str) -> None:
        if how == "hang":
            self.sink.released.wait(60)
        elif how == "garbage":
            self.wfile.write(b"\x00\x17not http at all\r\n\r\n")
        elif how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class SmtpSink(Sink[EmailMessage]):
    """Answers: "550 …" or any other code refuses the recipient · "data 451 …" refuses the message after it was sent ·
    "hang" never answers the message · "drop" accepts it, then closes without saying so · otherwise 250.

    `received` has the accepted messages (also the dropped); `tries` counts conversations. `port` may be set before it starts.
    """

    port = 0

    def __enter__(self) -> Self:
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(5)
        self.url = f"smtp://127.0.0.1:{self.port}"
        return self

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        start = self.loop.create_server(
            lambda: SMTP(_Conversation(self), hostname="sink.example", loop=self.loop), "127.0.0.1", self.port
        )
        server = self.loop.run_until_complete(start)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        server.close()
        tasks: Iterable[asyncio.Task[Any]] = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


class _Conversation:
    """aiosmtpd's hooks, one object a connection."""

    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink
        self.answer = ""

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.answer = self.sink.answer() or ""
        if self.answer[:1].isdigit():
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("data "):
            return self.answer.removeprefix("data ")
        if self.answer == "hang":
            await asyncio.sleep(60)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.sink.take(message)
        if self.answer == "drop":
            server.transport.abort()
        return "250 2.0.0 Taken"
