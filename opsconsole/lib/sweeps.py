"""A sweep finds rows that are due and does what they wait for: run by Celery, by `manage.py sweep`, or by both at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.lib.registry import Registry

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
