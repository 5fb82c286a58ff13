"""Keyset pages: newest first by id, one query, never a count. Page on with `?after=<cursor>`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from opsconsole.lib.ids import id_of

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`cursor` opens the next page; empty on the last. Iterate over it for the rows."""

    rows: list[M]
    cursor: str

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(rows: QuerySet[M], after: str | None = "", *, size: int = 50) -> Page[M]:
    """The newest `size` rows with an id below `after`. A cursor that is no id is the first page."""
    rows = rows.order_by("-pk")
    if (last := id_of(after)) is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")
