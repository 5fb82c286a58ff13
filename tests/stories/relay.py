"""A way to a server that one can cut and mend: to the console it is as if the server had been stopped, or the network fallen silent."""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from tests.stories.console import free_port

Dial = Callable[[], socket.socket]


class Relay:
    """`url` leads through it to the database, the broker or the site of the url that is given.

    `stop()` ends every connection and takes no new one. `silence()` ends none and takes more, but nothing comes through any
    of them ever again. `start()` lets new ones through.
    """

    def __init__(self, url: str) -> None:
        self.port = free_port()
        self.url, self.dial = _through(url, self.port)
        self.ended, self.silent = threading.Event(), threading.Event()
        self.listener: socket.socket | None = None
        self.ends: list[socket.socket] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._deafen()
        self.ended, self.silent = threading.Event(), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
        threading.Thread(
            target=self._listen, args=(self.listener, self.ended, self.silent), daemon=True
        ).start()

    def stop(self) -> None:
        self._deafen()
        self.ended.set()
        for end in self.ends:
            _close(end)
        self.ends.clear()

    def silence(self) -> None:
        self.silent.set()

    def _deafen(self) -> None:
        if self.listener:
            _close(self.listener)
            self.listener = None

    def _listen(self, listener: socket.socket, ended: threading.Event, silent: threading.Event) -> None:
        with suppress(OSError):
            while True:
                pair = listener.accept()[0], self.dial()
                self.ends += pair
                threading.Thread(target=_carry, args=(*pair, ended, silent), daemon=True).start()


def _through(url: str, port: int) -> tuple[str, Dial]:
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        there = (parts.hostname or "127.0.0.1", parts.port or 80)
        return parts._replace(netloc=f"127.0.0.1:{port}").geturl(), lambda: socket.create_connection(there)
    return parts._replace(netloc=f"postgres:@127.0.0.1:{port}", query="").geturl(), _to_database(url)


def _to_database(url: str) -> Dial:
    server = conninfo_to_dict(url)
    host, port = str(server.get("host") or "127.0.0.1"), int(str(server.get("port") or 5432))

    def dial() -> socket.socket:
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{host}/.s.PGSQL.{port}")
        return made

    return dial


def _carry(one: socket.socket, other: socket.socket, ended: threading.Event, silent: threading.Event) -> None:
    with suppress(OSError, ValueError), one, other:
        while True:
            for ready in select.select([one, other], [], [])[0]:
                data = ready.recv(65536)
                if silent.is_set():
                    ended.wait()  # neither side learns that the other hung up
                if not data:
                    return
                (other if ready is one else one).sendall(data)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
