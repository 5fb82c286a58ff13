"""Tables that somebody takes along."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse


def csv_file(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Rows as a file to save, the names of the columns first. What is None is an empty field."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows(rows)
    return response
