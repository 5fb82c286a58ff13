"""What the auditor looks at. A noun registers watches in its `watches.py`; each says what is overdue, if anything."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet

from opsconsole.lib.registry import Registry

LOW = 200  # megabytes that must be free for the database in the data folder: time to act


@dataclass(frozen=True)
class Overdue:
    """How many rows are overdue, since when the oldest, and a sentence that says what it means."""

    count: int
    oldest: datetime | None = None
    sentence: str = ""


Watch = Callable[[datetime], Overdue]
watches: Registry[Watch] = Registry("watch")


def watch(name: str) -> Callable[[Watch], Watch]:
    """Decorate a function `(now) -> Overdue` in a noun's `watches.py`."""
    return lambda function: watches.register(name, function)


def overdue(rows: "QuerySet[Any]", since: str, sentence: str) -> Overdue:
    """Of rows that are overdue, `since` their field of that name; “{n}” in the sentence stands for how many there are."""
    found = rows.order_by().aggregate(n=Count("pk"), oldest=Min(since))
    return Overdue(found["n"], found["oldest"], sentence.format(n=found["n"]))


@watch("disk")
def disk(_now: datetime) -> Overdue:
    """Told while it can still be told: a message is a row as well."""
    sentence = scarce(LOW)
    return Overdue(1 if sentence else 0, sentence=sentence)


def scarce(least: float) -> str:
    """A sentence when fewer megabytes are free where SQLite writes; the disk of a server is not ours to see."""
    if connection.vendor != "sqlite":
        return ""
    free = shutil.disk_usage(settings.DATA_DIR).free / 1e6
    return f"Only {free:.0f} MB are free in {settings.DATA_DIR}." if free < least else ""
