"""What lives beside a Celery worker in its process: the ear for nudges, the engine of probes, the pulse.

A worker that consumes the queue `celery` listens for nudges and beats the engine's pulse; one that consumes `probes` runs the
probe engine, and one that consumes `probes.eu-west` that of the region eu-west. `manage.py serve` has one worker that does both
of the former. `--region eu-west` is short for the queue of that region.
"""

import logging
import threading
from collections.abc import Collection
from typing import Any

from celery import bootsteps
from django.db import Error, close_old_connections
from kombu.exceptions import OperationalError

from monitoring.probes.engine.loop import start_engine
from monitoring.regions.states import is_name
from opsconsole.health.services import pulse_beat
from opsconsole.lib import clock, nudges
from opsconsole.lib.sweeps import sweeps

log = logging.getLogger(__name__)
PULSE_EVERY = 10
OF_REGION = "probes."


class Ear(threading.Thread):
    """Turns nudges into sweep tasks, and beats the pulse meanwhile."""

    def __init__(self, app: Any) -> None:
        super().__init__(name="ear", daemon=True)
        self.app, self.stopping = app, threading.Event()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        beaten = 0.0
        for name, _ in sweeps.items():
            self._ask_for(name)  # whatever came due while nobody was here
        for said in nudges.listen():
            if self.stopping.is_set():
                return
            name, seconds = nudges.understood(said)
            if name in sweeps:
                self._ask_for(name, seconds)
            moment = clock.now()
            if not 0 <= moment.timestamp() - beaten < PULSE_EVERY:  # below 0 the clock was set back
                beaten = moment.timestamp()
                self._beat()

    def _ask_for(self, name: str, seconds: float = 0) -> None:
        try:
            self.app.send_task(
                "opsconsole.sweep", args=[name], expires=60 + seconds, countdown=seconds or None
            )
        except OperationalError as error:  # the broker is away; beat asks again when it is back
            log.warning("could not ask for %s: %s", name, error)

    def _beat(self) -> None:
        try:
            if gap := pulse_beat(part="engine", now=clock.now()):
                log.warning("the engine was away from %s to %s", gap.start, gap.end)
        except Error:
            log.exception("the pulse could not be written")
            close_old_connections()


class Companions(bootsteps.StartStopStep):
    """Started when the worker is ready to consume, stopped before it ends."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, region: str | None = None, **_: Any) -> None:
        self.parts: list[Any] = []
        if region:
            worker.app.amqp.queues.select([OF_REGION + region])

    def start(self, worker: Any) -> None:
        queues = set(worker.app.amqp.queues.consume_from)
        if "celery" in queues:
            self.parts.append(Ear(worker.app))
            self.parts[-1].start()
        if region := region_of(queues):
            self.parts.append(start_engine(region))
        elif "probes" in queues:
            self.parts.append(start_engine())

    def stop(self, _worker: Any) -> None:
        for part in self.parts:
            part.stop()
        for part in self.parts:
            part.join(6)  # the engine writes what is finished and gives the rest back


def region_of(queues: Collection[str]) -> str:
    """The region that one of these queues belongs to, "" if none does."""
    names = (name.removeprefix(OF_REGION) for name in sorted(queues) if name.startswith(OF_REGION))
    return next(filter(is_name, names), "")
