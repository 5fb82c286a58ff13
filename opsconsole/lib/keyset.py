"""Keyset pages: newest first by id, one query, never a count. Page on with `?after=<cursor>`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`cursor` opens the next page; empty on the last. Iterate over it for the rows."""

    rows: list[M]
    cursor: str

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(rows: QuerySet[M], after: str | None = "", *, size: int = 50) -> Page[M]:
    """The newest `size` rows with an id below `after`. A cursor that is not a number is the first page."""
    rows = rows.order_by("-pk")
    if after and after.isascii() and after.isdigit():
        rows = rows.filter(pk__lt=min(int(after), 2**63 - 1))
    found = list(rows[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")
