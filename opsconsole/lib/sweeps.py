"""A sweep finds rows that are due and does what they wait for. One function a sweep, run by Celery, by `manage.py sweep`, or both at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from opsconsole.lib.registry import Registry

Run = Callable[[datetime], int]


@dataclass(frozen=True)
class Sweep:
    """`run(now)` handles what is due and returns how many rows; `every` is how long a row waits at the most."""

    name: str
    run: Run
    every: timedelta
    title: str


sweeps: Registry[Sweep] = Registry("sweep")


def sweep(name: str, *, every: timedelta, title: str) -> Callable[[Run], Run]:
    """Define a sweep in a noun's `tasks.py`: `@sweep("outbox.deliveries_send", every=timedelta(seconds=5), title="…")`.

    It must bear to run twice at once and to be killed anywhere: claim rows with a lease, work, confirm.
    """

    def define(run: Run) -> Run:
        sweeps.register(name, Sweep(name, run, every, title))
        return run

    return define
