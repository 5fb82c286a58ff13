"""Fixtures of the incidents' tests."""

import pytest

from incidents.response import causes
from monitoring.catalogue.sources import Signal, sources
from monitoring.catalogue.states import Status, worst
from tests.incidents import make


class Signals:
    """What probes say, as the test says it: `signals.set(service, Status.DOWN)`."""

    def __init__(self) -> None:
        self.now: dict[str, Signal] = {}

    def set(self, service, status: Status, source: str = "", **more) -> None:
        source = source or f"probe:{service.pk}"
        self.now[source] = Signal(
            service.pk, source, service.name, status, "answered 502", "/monitoring/probes/1/", **more
        )

    def statuses(self):
        ids = {signal.service_id for signal in self.now.values()}
        return {pk: worst(s.status for s in self.now.values() if s.service_id == pk) for pk in ids}

    def read(self, ids):
        return [signal for signal in self.now.values() if signal.service_id in ids]


@pytest.fixture
def signals(monkeypatch):
    fake = Signals()
    monkeypatch.setattr(sources, "_entries", {"test": fake.read})
    monkeypatch.setattr(causes, "statuses", fake.statuses)
    return fake


@pytest.fixture
def checkout(db):
    return make.service("Checkout", tier=1)


@pytest.fixture
def mail(db):
    return make.channel()
