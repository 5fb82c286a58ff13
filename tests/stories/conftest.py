"""A database of its own for each story, on whichever server the run is about."""

import os
import uuid
from pathlib import Path

import psycopg
import pytest


@pytest.fixture
def database(tmp_path: Path):
    """Settings that give a story an empty database: a file, or a new database on the server of DATABASE_URL."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"story_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield {"DATABASE_URL": server.replace("/opsconsole", f"/{name}", 1), "REDIS_URL": os.environ["REDIS_URL"]}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
