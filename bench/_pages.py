"""How long the console takes for a page: from the request to the last byte of the answer, in this process, middleware included."""

import statistics
import warnings
from time import perf_counter

from django.test import Client
from django.test.utils import override_settings

from bench import _data  # noqa: F401 — sets Django up
from opsconsole.accounts.models import User

WARM, TIMES = 3, 40
_STATIC = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}  # nothing was collected


def median_ms(*paths: str) -> float:
    """Median over many requests, after a few to warm up, of a signed-in owner; several addresses are asked in turn.

    Raises RuntimeError when one does not answer 200.
    """
    warnings.filterwarnings("ignore", "No directory at")  # of static files: nothing was collected
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.all()[0], backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(DEBUG=False, STORAGES=_STATIC):
        spans = [_took(client, paths[n % len(paths)]) for n in range(WARM * len(paths) + TIMES)]
    return statistics.median(spans[WARM * len(paths) :])


def _took(client: Client, path: str) -> float:
    began = perf_counter()
    answer = client.get(path)
    took = (perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return took
