"""Dashboards over a large database: kept days of a year, and the last 24 hours as they are."""

from collections.abc import Iterator

from bench._data import big_database, connected
from bench._pages import Figure, pages

PAGES = {
    "page_dashboard": "/dashboards/health/",
    "page_dashboard_year": "/dashboards/health/?span=1y",
    "page_dashboard_24h": "/dashboards/health/?span=24h",
    "page_dashboard_executive_year": "/dashboards/executive/?span=1y",
    "page_dashboards": "/dashboards/",
}


def figures() -> Iterator[Figure]:
    with connected(big_database()):
        yield from pages(PAGES)
