"""The figures of a report as CSV: one a line, with what it is compared with and where its rows are."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse

from maintenance.reports.figures import Figure
from opsconsole.lib.tables import csv_file

_EARLIER = ("previous", "month", "year")
HEADER = [
    "figure",
    "title",
    "unit",
    "value",
    "verdict",
    "target",
    "coverage",
    "observations",
    "week_before",
    "four_weeks_before",
    "year_before",
    "method_version",
    "rows",
]


def figures_csv(figures: Iterable[Figure], name: str) -> HttpResponse:
    return csv_file(name, [HEADER, *map(_line, figures)])


def _line(figure: Figure) -> list[object]:
    earlier = {one.key: one.value for one in figure.earlier}
    return [
        figure.slug,
        figure.title,
        figure.unit,
        figure.value,
        figure.verdict,
        figure.target,
        figure.coverage,
        figure.n,
        *(earlier.get(key) for key in _EARLIER),
        figure.version,
        f"{settings.OPSCONSOLE_URL}{figure.evidence_url}" if figure.evidence_url else "",
    ]
