"""Where an engine stands: at home, where probes and the votes of regions are its own, or in a region."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitoring.probes.afar import trials_take
from monitoring.probes.engine import record, sights
from monitoring.probes.engine.afar import AfarStore
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.store import store
from monitoring.regions.services import region_report
from opsconsole.health.services import pulse_beat


class Book(Protocol):
    """What an engine asks of the database; see store.py."""

    def claim(self, *, now: int, horizon: int, limit: int) -> Sequence[Run]: ...
    def release(self, runs: Collection[Run]) -> None: ...
    def anchor(self, now: int) -> int: ...
    def disown(self) -> None: ...
    def hasten(self, now: int, limit: int) -> None: ...


class Home:
    """Here."""

    region = ""

    def __init__(self) -> None:
        self.store = store()

    def book(self) -> Book:
        return self.store

    def write(self, runs: Collection[Run], now: int) -> Sequence[Run]:
        return record.write(runs, self.store, now)

    def errands(self, now: datetime) -> None:
        """What somebody wants to try from here, if this is not where the pages are."""

    def report(self, now: datetime, _trouble: str) -> None:
        pulse_beat(part="probes", now=now)


class Afar(Home):
    """In a region, by its name."""

    def __init__(self, region: str) -> None:
        super().__init__()
        self.region, self.afar = region, AfarStore(region, self.store)

    def book(self) -> Book:
        return self.afar

    def write(self, runs: Collection[Run], now: int) -> Sequence[Run]:
        return sights.write(runs, self.afar, now)

    def errands(self, now: datetime) -> None:
        trials_take(self.region, now)

    def report(self, now: datetime, trouble: str) -> None:
        region_report(name=self.region, now=now, trouble=trouble)


def post(region: str) -> Home:
    return Afar(region) if region else Home()
