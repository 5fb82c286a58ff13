"""Pages with ten million raw results, beside the same pages without any: a temporary table of the same name hides them."""

import statistics
from collections.abc import Callable, Iterator

from django.db import connection

from bench._data import big_database, connected
from bench._pages import TIMES, WARM, Figure, signed_in, took

PAGES = {
    "page_kept_probes_1000": "/monitoring/probes/",
    "page_kept_probe": "/monitoring/probes/97/",
    "page_kept_service": "/monitoring/services/service-003/",
    "page_kept_today": "/today/",
}


def figures() -> Iterator[Figure]:
    with connected(big_database()):
        for name, address in PAGES.items():
            without, kept = _both(address)
            yield f"{name}_none", without, "ms"
            yield name, kept, "ms"


def _both(address: str) -> tuple[float, float]:
    """Medians without and with raw results, asked in turn, so that what else the machine does hits both alike."""
    with signed_in() as client:
        pairs = [
            (_without(lambda: took(client, address)), took(client, address)) for _ in range(WARM + TIMES)
        ]
    without, kept = zip(*pairs[WARM:], strict=True)
    return statistics.median(without), statistics.median(kept)


def _without(measure: Callable[[], float]) -> float:
    mine = "temp" if connection.vendor == "sqlite" else "pg_temp"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE probes_result AS SELECT * FROM probes_result LIMIT 0")
        spent = measure()
        cursor.execute(f"DROP TABLE {mine}.probes_result")
    return spent
