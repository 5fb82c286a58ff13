"""Deleting what is old a little at a time: no transaction is long, so nobody waits for one."""

from itertools import count
from typing import Any

from django.db.models import QuerySet


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
