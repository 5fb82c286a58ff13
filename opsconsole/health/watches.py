"""What the auditor looks at. A noun registers a watch in `ready()`; it says what is overdue, if anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Overdue:
    """How many rows are overdue, since when the oldest, and a sentence that says what it means."""

    count: int
    oldest: datetime | None = None
    sentence: str = ""


Watch = Callable[[datetime], Overdue]
watches: Registry[Watch] = Registry("watch")


def watch(name: str) -> Callable[[Watch], Watch]:
    """Decorate a function `(now) -> Overdue` in a noun's `watches.py`; import that module in `ready()`."""
    return lambda function: watches.register(name, function)
