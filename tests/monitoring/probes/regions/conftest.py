"""A console that asks from regions."""

from datetime import timedelta

import pytest

from monitoring.probes.engine.batch import run_once
from monitoring.probes.engine.online import Gate
from monitoring.probes.models import Probe, Sighting
from monitoring.probes.services import Pace, Places, probe_create
from monitoring.regions.services import region_report
from opsconsole.accounts.roles import SYSTEM
from tests.monitoring import make
from tests.monitoring.probes.servers import Scripted, answer

EU, US, AP = "eu-west", "us-east", "ap-south"
STEP = timedelta(seconds=30)


class Rounds:
    """A probe that regions ask, and a clock that `pass_by` moves to the next round of theirs. It fails for those that `cut` names."""

    def __init__(self, now, *regions: str, quorum: int = 0, **pace) -> None:
        self.now, self.here, self.cut = now, "", set[str]()
        self.gates = {name: Gate(lambda: True) for name in regions}
        self.served = Scripted(self._answer)
        self.served.__enter__()
        for name in regions:
            self.report(name)
        self.probe = probe_create(
            actor=SYSTEM, service=make.service(), name="Front page", now=now, pace=Pace(timeout=2, **pace),
            config={"url": f"http://127.0.0.1:{self.served.port}/"}, places=Places(regions, quorum),
        )  # fmt: skip

    def _answer(self, connection) -> None:
        connection.recv(65_536)
        connection.sendall(answer(b"", "503 Cut off" if self.here in self.cut else "200 OK"))

    def report(self, name: str, trouble: str = "") -> None:
        region_report(name=name, now=self.now, trouble=trouble)

    def ask(self, *regions: str) -> None:
        """These look, all of them if none is named; then the votes are counted, if it is time for that or they have rung."""
        for name in regions or self.gates:
            self.here = name
            self.report(name)
            run_once(self.now, gate=self.gates[name], region=name)
        run_once(self.now)

    def pass_by(self, *regions: str, step: timedelta = STEP) -> Probe:
        self.now += step
        self.ask(*regions)
        return self.found

    @property
    def found(self) -> Probe:
        return Probe.objects.get(pk=self.probe.pk)

    def seen(self, region: str) -> Sighting:
        return Sighting.objects.get(probe=self.probe, region=region)


@pytest.fixture
def rounds(now, loopback, db):
    started: list[Rounds] = []

    def start(*regions: str, **given) -> Rounds:
        made = Rounds(now, *(regions or (EU, US)), **given)
        started.append(made)
        made.ask()
        made.pass_by(step=timedelta(seconds=5))
        return made

    yield start
    for one in started:
        one.served.__exit__()
