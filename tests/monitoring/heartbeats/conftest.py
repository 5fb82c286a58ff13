"""The listener as a job meets it: a WSGI call in, an answer out, rows in a real table."""

import io
from typing import Any, NamedTuple
from wsgiref.util import setup_testing_defaults

import pytest

from monitoring.heartbeats import ingest
from monitoring.heartbeats.inbox import Inbox
from tests.monitoring import make


class Answer(NamedTuple):
    status: int
    text: str
    headers: dict[str, str]


def call(path: str, *, method: str = "GET", body: bytes = b"", **environ) -> Answer:
    """Ask the front handler; what it does not answer itself is 299."""
    path, _, query = path.partition("?")
    given: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
        "REMOTE_ADDR": "192.0.2.7",
    }
    given |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)} | environ
    setup_testing_defaults(given)
    said: list[tuple[str, dict[str, str]]] = []

    def start_response(status, headers, _error=None):
        said.append((status, dict(headers)))
        return lambda _written: None

    def django(_environ, answer):
        answer("299 Django", [])
        return [b""]

    chunks = ingest.front(django)(given, start_response)
    return Answer(int(said[0][0][:3]), b"".join(chunks).decode(), said[0][1])


@pytest.fixture
def ping(transactional_db, team, monkeypatch):
    """`ping("/ping/<uuid>/start", method="POST", body=b"…")` through a real writer thread."""
    inbox = Inbox()
    monkeypatch.setattr(ingest, "inbox", inbox)
    yield call
    inbox.stop()


@pytest.fixture
def heartbeat(transactional_db):
    return make.heartbeat()
