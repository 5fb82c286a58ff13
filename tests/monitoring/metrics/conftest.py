"""Keys, pushes as an application sends them, and the samples that came of them."""

import io
import json
from datetime import datetime
from typing import Any, NamedTuple
from wsgiref.util import setup_testing_defaults

import pytest

from monitoring.metrics import ingest, writing
from monitoring.metrics.models import PushKey, Series
from monitoring.metrics.samples import Sample
from opsconsole.lib.moments import to_ms
from opsconsole.lib.secrets import digest

TOKEN = "a-token-that-only-tests-have"


class Answer(NamedTuple):
    status: int
    said: dict[str, Any]


def call(path: str, body: bytes = b"", *, method: str = "POST", **environ: Any) -> Answer:
    """Ask the front handler; what it does not answer itself is 299."""
    given: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": method}
    given |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)} | environ
    setup_testing_defaults(given)
    said: list[str] = []

    def start_response(status, _headers, _error=None):
        said.append(status)
        return lambda _written: None

    def django(_environ, answer):
        answer("299 Django", [])
        return [b"{}"]

    chunks = ingest.front(django)(given, start_response)
    return Answer(int(said[0][:3]), json.loads(b"".join(chunks)))


@pytest.fixture(autouse=True)
def _nothing_known():
    """What the process remembers outlives the rows of a test."""
    writing.book.forget()
    ingest.keys = ingest.Keys()


@pytest.fixture
def key(team):
    return PushKey.objects.create(name="Web", prefix=TOKEN[:8], digest=digest(TOKEN))


@pytest.fixture
def push(key, frozen):
    """`push("queue_length 12")`, `push([{"name": …}])` to the key's address."""

    def send(body: Any, token: str = TOKEN, **environ: Any) -> Answer:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return call(f"/in/metrics/{token}", text if isinstance(text, bytes) else text.encode(), **environ)

    return send


@pytest.fixture
def stored(team):
    """`stored("queue", (at, value), …)` writes samples past the address and gives the series."""

    def store(
        name: str, *samples: tuple[datetime, float], kind: str = "", unit: str = "", **fields: Any
    ) -> Series:
        made = [Sample(name, (), value, to_ms(at), kind, unit) for at, value in samples]
        assert writing.write([writing.Push(made, None, samples[-1][0])]) == [""]
        Series.objects.filter(name=name).update(**fields)
        return Series.objects.get(name=name)

    return store
