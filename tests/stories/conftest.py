"""A database of its own for each story, on whichever server the run is about."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.stories.console import Console
from tests.stories.site import Site

PREPARE = """
from django.core.management import call_command
from opsconsole.management.commands.serve import collect_static
call_command("migrate", verbosity=0, interactive=False)
collect_static()
"""
Settings = dict[str, str]


@pytest.fixture
def embedded() -> None:
    """Name it first, so that nothing is started in vain."""
    if os.environ.get("DATABASE_URL"):
        pytest.skip("this is about the embedded console")


@pytest.fixture
def scaled() -> None:
    if not os.environ.get("DATABASE_URL"):
        pytest.skip("this is about the console on PostgreSQL and Redis")


@pytest.fixture
def empty() -> Iterator[Settings]:
    """Settings that give a story an empty database: a file, or a new database on the server of DATABASE_URL."""
    with _database() as settings:
        yield settings


@pytest.fixture
def database(tmp_path: Path, prepared: tuple[Path, Settings]) -> Iterator[Settings]:
    """The same with its tables made and the static files in `tmp_path`, copied instead of made anew for each story."""
    folder, settings = prepared
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with _database(copy_of=settings) as own:
        yield own


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Settings]]:
    folder = tmp_path_factory.mktemp("prepared")
    with _database() as settings:
        Console.at(folder, **settings).manage("shell", "-v0", "-c", PREPARE)
        yield folder, settings


@contextmanager
def _database(copy_of: Settings | None = None) -> Iterator[Settings]:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"story_{uuid.uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(copy_of["DATABASE_URL"]).path[1:]}"' if copy_of else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    yield {"DATABASE_URL": server.replace("/opsconsole", f"/{name}", 1), "REDIS_URL": _broker()}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _broker() -> str:
    """Stories that run at once must not take each other's tasks: each test process has a database of Redis, emptied before."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15 + 1
    url = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{number}"
    with redis.Redis.from_url(url) as server:
        server.flushdb()
    return url


@pytest.fixture
def site() -> Iterator[Site]:
    """Something that answers, until it is stopped."""
    made = Site()
    made.start()
    yield made
    made.stop()
