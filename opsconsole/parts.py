"""The two children of the embedded console.

What a page needs is loaded here, before the fork, and so shared; what only a worker needs is loaded by the engine alone.
"""

import os
import socket
import warnings
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mt import MTServer

from opsconsole import urls as _pages  # noqa: F401 — with all that pages need
from opsconsole.thrift import give_back_every_minute


class _Server(MTServer):
    """Granian serving from this very process. Its usual server would keep an idle parent above the one that works.

    It is meant for Python without a global lock and refuses any other; the code below it is the same for both.
    """

    def _check_gil(self) -> None:
        pass

    def _init_shared_socket(self) -> None:
        """Made here, where it can be set, and not by the worker."""
        spec: Any = import_module("granian.net").SocketSpec
        made = spec(self.bind_addr, self.bind_port, self.backlog).build()
        self.__dict__ |= {"_shd": made, "_sfd": made.get_fd()}
        notice_the_vanished(made.get_fd())


def notice_the_vanished(listening: int) -> None:
    """A client that was cut off in the middle of its body would keep a thread waiting for ever: the kernel asks after a minute
    whether it is still there. Connections take this from the socket that they were made on."""
    with socket.socket(fileno=os.dup(listening)) as shared:
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
            if option := getattr(socket, name, 0):
                shared.setsockopt(socket.IPPROTO_TCP, option, value)


def web(host: str, port: int) -> None:
    """One process of eight threads: SQLite has one writer at a time, and pings share their commits."""
    give_back_every_minute()
    server = _Server(
        "opsconsole.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        backlog=1024,
        backpressure=64,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=65_536),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    )
    server.serve()


def engine() -> None:
    """A Celery worker on threads with the broker in memory, beat as one more thread, and the worker's companions."""
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    celery: Any = import_module("opsconsole.celery")
    import_module("opsconsole.schedule").sync()
    beat = import_module("celery.beat").EmbeddedService(
        celery.app, thread=True, scheduler_cls=celery.app.conf.beat_scheduler
    )
    beat.start()
    worker = celery.app.Worker(
        pool="threads",
        concurrency=4,
        queues="celery,probes",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    beat.stop()
