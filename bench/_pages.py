"""How long the console takes for a page: from the request to the last byte of the answer, in this process, middleware included.

Beside it stand the processor's time for it, which other work on the machine hardly changes; a bare view behind the same middleware;
and the page's own statements, run again with nothing made of their rows.
"""

import statistics
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter, thread_time
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from bench import _data  # noqa: F401 — sets Django up
from opsconsole.accounts.models import User

Figure = tuple[str, float, str]
WARM, TIMES = 3, 40
_STATIC = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}  # nothing was collected


def _bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("OK")


urlpatterns = [path("bare/", _bare)]


def pages(wanted: Mapping[str, str]) -> Iterator[Figure]:
    """Pages by name; each is preceded by what it is held against."""
    with override_settings(ROOT_URLCONF=__name__):
        yield "page_bare", medians_ms("/bare/")[0], "ms"
    for name, address in wanted.items():
        yield f"{name}_sql", statements_ms(address), "ms"
        whole, processor = medians_ms(address)
        yield f"{name}_cpu", processor, "ms"
        yield name, whole, "ms"


def medians_ms(address: str) -> tuple[float, float]:
    """Medians over many requests of a signed-in owner, after a few to warm up: of the time, and of this thread's processor time.

    Raises RuntimeError when one does not answer 200.
    """
    with signed_in() as client:
        spans = []
        for _ in range(WARM + TIMES):
            began = thread_time()
            spans.append((took(client, address), (thread_time() - began) * 1000))
    whole, processor = zip(*spans[WARM:], strict=True)
    return statistics.median(whole), statistics.median(processor)


def statements_ms(address: str) -> float:
    """Median time of the database for what a page asks it."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, *rest)

    with signed_in() as client, connection.execute_wrapper(note):
        took(client, address)
    return statistics.median(_asked(asked) for _ in range(WARM + TIMES))


def _asked(statements: list[tuple[str, Any]]) -> float:
    began = perf_counter()
    with connection.cursor() as cursor:
        for sql, params in statements:
            if sql.lstrip(" (").startswith("SELECT"):
                cursor.execute(sql, params)
                cursor.fetchall()
    return (perf_counter() - began) * 1000


@contextmanager
def signed_in() -> Iterator[Client]:
    warnings.filterwarnings("ignore", "No directory at")  # of static files: nothing was collected
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.all()[0], backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(DEBUG=False, STORAGES=_STATIC):
        yield client


def took(client: Client, address: str) -> float:
    """Milliseconds. Raises RuntimeError when it does not answer 200."""
    began = perf_counter()
    answer = client.get(address)
    spent = (perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return spent
