"""Short names for addresses, made from the names that people give."""

from collections.abc import Collection
from itertools import chain, count
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

_LONGEST = 70  # of a slug's 80 characters: a number may follow


def free_slug(name: str, rows: "QuerySet[Any]", *, instead: str, reserved: Collection[str] = ()) -> str:
    """“backup”; numbered (“backup-2”) where one of the rows has it, or it is reserved; `instead` of a name without letters.

    Two at once may find the same: the constraint of the table decides.
    """
    stem = slugify(name)[:_LONGEST] or instead
    taken = {*reserved, *rows.filter(slug__startswith=stem).values_list("slug", flat=True)}
    candidates = chain([stem], (f"{stem}-{n}" for n in count(2)))
    return next(slug for slug in candidates if slug not in taken)
