"""A CSV file over HTTP: the number in the last row, or, where a column says when, every row of the last day."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django import forms

from monitoring.metrics.fetching import fetch, number, text_of, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import (
    VALUE,
    Kind,
    Question,
    SourceFailed,
    Values,
    kinds,
    secret_field,
    single,
)
from monitoring.metrics.states import LATE
from opsconsole.lib.moments import to_ms


class Form(Question):
    secret = ("authorization",)
    url = url_field("Address of the file", placeholder="https://files.example.com/orders.csv")
    column = forms.CharField(
        max_length=100, label="Column of the number", help_text="Its name in the first line."
    )
    when = forms.CharField(
        max_length=100,
        required=False,
        label="Column of the time",
        help_text="Written as 2026-11-16 09:00, in UTC unless it says otherwise. Empty: the last row is what is true now.",
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")


def read(given: Values, now: datetime) -> list[Sample]:
    answer = fetch(given["url"], headers={"Authorization": given.get("authorization", "")})
    lines = text_of(answer.body).splitlines()
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[0] if lines else "")))
    except csv.Error as error:
        raise SourceFailed(f"This is no CSV: {error}.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise SourceFailed("The file has no row below the names of its columns.")
    column = _place(rows[0], given["column"])
    if not given.get("when"):
        return single(_number(rows[-1], column, len(rows)))
    return _timed(rows, column, _place(rows[0], given["when"]), now)


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _place(head: Sequence[str], name: str) -> int:
    names = [cell.strip() for cell in head]
    if name.strip() not in names:
        raise SourceFailed(f"The file has no column “{name[:60]}”; it has {', '.join(names)[:200]}.")
    return names.index(name.strip())


def _number(row: Sequence[str], column: int, line: int) -> float:
    if column >= len(row):
        raise SourceFailed(f"Row {line} ends before that column.")
    return number(row[column].strip(), f"The number in row {line}")


def _timed(rows: list[list[str]], column: int, when: int, now: datetime) -> list[Sample]:
    """Rows of the last day; older ones were read before, or are too late."""
    found = []
    for line, row in enumerate(rows[1:], 2):
        at = _moment(row[when] if when < len(row) else "", line)
        if now - LATE + timedelta(minutes=5) <= at <= now:
            found.append(Sample(VALUE, (), _number(row, column, line), to_ms(at)))
    if not found:
        raise SourceFailed("The file has no row of the last 24 hours.")
    return found


def _moment(text: str, line: int) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SourceFailed(f"The time in row {line} cannot be read: “{text[:40]}”.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


kinds.register("csv", Kind("csv", "A CSV file over HTTP", Form, read, order=5))
