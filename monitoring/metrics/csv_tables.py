"""Tables of figures as people export them: columns found by name, numbers and times by row."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime

from monitoring.metrics.fetching import number
from monitoring.metrics.sources import SourceFailed
from opsconsole.lib.figures import parsed
from opsconsole.lib.moments import to_ms

Rows = list[list[str]]


def rows_of(text: str) -> Rows:
    """The names of the columns, and at least one row. Raises SourceFailed."""
    lines = text.splitlines()
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[0] if lines else "")))
    except csv.Error as error:
        raise SourceFailed(f"This is no CSV: {error}.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise SourceFailed("The file has no row below the names of its columns.")
    return rows


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def place(head: Sequence[str], name: str) -> int:
    """Where a column is. Raises SourceFailed with the names that there are."""
    names = [cell.strip() for cell in head]
    if name.strip() not in names:
        raise SourceFailed(f"The file has no column “{name[:60]}”; it has {', '.join(names)[:200]}.")
    return names.index(name.strip())


def value_of(row: Sequence[str], column: int, line: int) -> float:
    """Raises SourceFailed, naming the row."""
    if column >= len(row):
        raise SourceFailed(f"Row {line} ends before that column.")
    text = row[column].strip()
    try:
        return number(text, f"The number in row {line}")
    except SourceFailed as failure:
        if not any(mark in text for mark in ",'’% €"):
            raise
        return _as_people_write(text, line, failure)


def _as_people_write(text: str, line: int, failure: SourceFailed) -> float:
    """“1.234,50 €”, “1,234.5”, “97,5 %”."""
    try:
        return parsed(text)
    except ValueError as error:
        said = str(error)
        raise SourceFailed(f"Row {line}: {said}") if said.startswith("“") else failure from None


def timed(rows: Rows, column: int, when: int, first: datetime, last: datetime) -> list[tuple[int, float]]:
    """(milliseconds since 1970, value) of the rows from `first` to `last`. Raises SourceFailed, naming the row."""
    found = []
    for line, row in enumerate(rows[1:], 2):
        at = _moment(row[when] if when < len(row) else "", line)
        if first <= at <= last:
            found.append((to_ms(at), value_of(row, column, line)))
    return found


def _moment(text: str, line: int) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SourceFailed(f"The time in row {line} cannot be read: “{text[:40]}”.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
