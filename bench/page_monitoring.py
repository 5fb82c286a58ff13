"""Server time of the pages of monitoring: 1,000 probes, a year of hours and days, ten million raw results."""

from collections.abc import Iterator

from bench._data import big_database, connected
from bench._pages import Figure, pages

PAGES = {
    "page_probes_1000": "/monitoring/probes/",
    "page_probes_1000_narrowed": "/monitoring/probes/?q=service+04&status=up",
    "page_probe": "/monitoring/probes/97/",
    "page_probe_year": "/monitoring/probes/97/?span=1y",
    "page_services_100": "/monitoring/services/",
    "page_service": "/monitoring/services/service-003/",
    "page_service_year": "/monitoring/services/service-003/?span=1y",
}


def figures() -> Iterator[Figure]:
    with connected(big_database()):
        yield from pages(PAGES)
