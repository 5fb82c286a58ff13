"""A sweep finds rows that are due and does what they wait for: run by Celery, by `manage.py sweep`, or by both at once."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from opsconsole.lib.registry import Registry

log = logging.getLogger(__name__)
T = TypeVar("T")
Run = Callable[[datetime], int]


@dataclass(frozen=True)
class Sweep:
    """`run(now)` handles what is due and returns how many rows. How often it runs stands in `opsconsole/schedule.py`."""

    name: str
    title: str
    run: Run


sweeps: Registry[Sweep] = Registry("sweep")


def sweep(name: str, *, title: str) -> Callable[[Run], Run]:
    """Define a sweep in a noun's `tasks.py`: `@sweep("outbox.deliveries_send", title="Send what is due")`.

    It must bear to run twice at once and to be killed anywhere: claim rows with a lease, work, confirm.
    """

    def define(run: Run) -> Run:
        sweeps.register(name, Sweep(name, title, run))
        return run

    return define


def each(rows: Iterable[T], act: Callable[[T], int]) -> int:
    """Act on each; how much was done. What fails waits for the next sweep and does not hold up those behind it.

    Raises the last error in the end, so that the sweep counts as failed.
    """
    done, failed = 0, None
    for row in rows:
        try:
            done += act(row)
        except Exception as error:
            log.exception("%r could not be handled", row)
            failed = error
    if failed:
        raise failed
    return done
