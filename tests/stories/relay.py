"""A way to the database server that one can cut and mend: to the console it is as if the server had been stopped."""

import select
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from tests.stories.console import free_port


class Relay:
    """`url` leads through it. `stop()` ends every connection and takes no new one, until `start()`."""

    def __init__(self, url: str) -> None:
        self.port = free_port()
        self.url = urlsplit(url)._replace(netloc=f"postgres:@127.0.0.1:{self.port}", query="").geturl()
        self.dial = _dialler(conninfo_to_dict(url))
        self.ends: list[socket.socket] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.ends = [socket.create_server(("127.0.0.1", self.port))]
        threading.Thread(target=self._listen, args=(self.ends[0], self.ends), daemon=True).start()

    def stop(self) -> None:
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _listen(self, listening: socket.socket, ends: list[socket.socket]) -> None:
        with suppress(OSError):
            while True:
                pair = [listening.accept()[0], self.dial()]
                ends += pair
                threading.Thread(target=_carry, args=pair, daemon=True).start()


def _dialler(server: Mapping[str, object]) -> Callable[[], socket.socket]:
    host, port = str(server.get("host") or "127.0.0.1"), int(str(server.get("port") or 5432))

    def dial() -> socket.socket:
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{host}/.s.PGSQL.{port}")
        return made

    return dial


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError, ValueError), one, other:
        while True:
            for ready in select.select([one, other], [], [])[0]:
                if not (data := ready.recv(65536)):
                    return
                (other if ready is one else one).sendall(data)
