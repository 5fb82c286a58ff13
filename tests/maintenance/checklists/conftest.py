"""Measures and checks that tests can turn."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from opsconsole.lib.periods import Period
from opsconsole.measures.checks import Check, Evidence, checks
from opsconsole.measures.registry import Measure, measures
from opsconsole.measures.verdicts import Reading, Rule, Verdict


@dataclass
class World:
    """What the machine would find: the value of measure “test.latency” (wanted 500, bad above 800) and of check “test.up”."""

    latency: float | None = 412.0
    up: Verdict = Verdict.OK
    read_at: datetime | None = None
    error: Exception | None = None
    periods: list[Period] = field(default_factory=list)

    def read(self, period):
        self.periods.append(period)
        return Reading(self.latency, evidence_url="/monitoring/")

    def look(self, now):
        if self.error:
            raise self.error
        return Evidence(self.up, "3 of 3", "All three answer", "/monitoring/probes/", self.read_at or now)


@pytest.fixture
def world(monkeypatch):
    world = World()
    rule = Rule("lower", 500, 800)
    latency = Measure("test.latency", "Latency", "ms", "As tests say.", rule, world.read)
    monkeypatch.setitem(measures._entries, "test.latency", latency)
    monkeypatch.setitem(checks._entries, "test.up", Check("test.up", "All up", world.look))
    return world
