"""History from a file: rows of any age, into a series that is there or is made."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.exceptions import ValidationError

from monitoring.metrics import writing
from monitoring.metrics.csv_tables import place, rows_of, timed
from monitoring.metrics.fetches import metric_name
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import SourceFailed
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require

LARGEST = 5_000_000
MOST_ROWS = 100_000
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_AT_ONCE = 5_000


def history_upload(
    *, actor: Actor, name: str, unit: str, column: str, when: str, file: bytes, now: datetime
) -> int:
    """Store the rows of a CSV file; returns how many. Rows that are there already change nothing. Raises ValidationError."""
    require(actor, Role.MANAGER)
    found = _rows(file, column, when, now)
    metric = metric_name(name)
    samples = [Sample(metric, (), value, at, "", unit) for at, value in found]
    for start in range(0, len(samples), _AT_ONCE):
        part = samples[start : start + _AT_ONCE]
        writing.write([writing.Push(part, None, now, title=" ".join(name.split()))])
    return len(samples)


def _rows(file: bytes, column: str, when: str, now: datetime) -> Sequence[tuple[int, float]]:
    try:
        rows = rows_of(file.decode("utf-8-sig"))
        found = timed(rows, place(rows[0], column), place(rows[0], when), _FIRST, now)
    except UnicodeDecodeError:
        raise ValidationError({"file": "The file is no text in UTF-8."}) from None
    except SourceFailed as error:
        raise ValidationError({"file": str(error)}) from None
    if len(found) < len(rows) - 1:
        raise ValidationError(
            {"file": "Some rows lie in the future, or before the year 2000: take them out."}
        )
    if len(found) > MOST_ROWS:
        raise ValidationError(
            {"file": f"The file has {len(found):,} rows; {MOST_ROWS:,} are the most at once."}
        )
    return sorted(found)
