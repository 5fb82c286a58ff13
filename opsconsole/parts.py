"""The two children of the embedded console. Each imports what it needs only after the fork: the web never loads a worker."""

import warnings
from importlib import import_module
from typing import Any


def web(host: str, port: int) -> None:
    """Granian with one process of eight threads: SQLite has one writer at a time, and pings share their commits."""
    granian: Any = import_module("granian")
    server = granian.Granian(
        "opsconsole.wsgi:application",
        address=host,
        port=port,
        interface="wsgi",
        workers=1,
        blocking_threads=8,
        backlog=1024,
        backpressure=64,
        http="1",
        http1_settings=import_module("granian.http").HTTP1Settings(
            header_read_timeout=10_000, max_buffer_size=65_536
        ),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        log_level="error",
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
