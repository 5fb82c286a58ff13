"""When a run starts: on the second nearest to its time, once, whatever the clocks do."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.engine import carrier as module
from monitoring.probes.engine.carrier import BEAT, Carrier
from monitoring.probes.engine.clocks import Clocks
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import kinds
from monitoring.probes.states import Rules, Standing, next_run, phase

NOON = 1_700_000_000_000  # milliseconds since 1970, a whole second
TARGET = kinds["http"].target({"url": "https://shop.example.com/"}, {}, 5.0)


class Clock:
    """A wall clock and a steady one, and a network that notes what was started at which time."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 0
        self.started: list[tuple[int, int]] = []
        self.voided, self.pause, self.woken = 0, 0.0, False

    def start(self, run: Run, now: int) -> None:
        self.started.append((run.due, now))

    def poll(self, wait: float) -> list[Run]:
        self.pause = wait
        return []

    def wake(self) -> None:
        self.woken = True

    def void(self) -> None:
        self.voided += 1

    def passes(self, ms: int, *, moved: int = 0) -> None:
        self.wall, self.steady = self.wall + ms + moved, self.steady + ms


def runs(dues: Iterable[int]) -> list[Run]:
    rules, standing = Rules(30_000, 10_000, 5_000, 2, 1), Standing()
    return [
        Run(n, 1, "", 1, rules, standing, "", None, None, due, due, target=TARGET)
        for n, due in enumerate(dues)
    ]


@pytest.fixture
def made(monkeypatch):
    """`made()` is a clock and a carrier that lives by it."""

    def make() -> tuple[Clock, Carrier]:
        clock = Clock()
        monkeypatch.setattr(module, "wall_ms", lambda: clock.wall)
        monkeypatch.setattr(module, "Network", lambda _allowed: clock)
        one = Carrier()
        one.clocks = Clocks(lambda: clock.wall / 1000, lambda: clock.steady / 1000)
        return clock, one

    return make


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ahead=st.lists(st.integers(0, 5_000), min_size=1, max_size=20))
def test_it_starts_each_once_and_at_the_nearest_second(made, ahead):
    clock, carrier = made()
    carrier.give(runs(NOON + ms for ms in ahead))
    for _ in range(12):
        carrier._step()
        clock.passes(round(clock.pause * 1000))
    assert sorted(due for due, _ in clock.started) == sorted(NOON + ms for ms in ahead)
    assert all(abs(at - due) <= BEAT // 2 for due, at in clock.started)


def test_it_starts_at_once_what_is_overdue(made):
    clock, carrier = made()
    clock.passes(300)
    carrier.give(runs([NOON - 60_000]))
    carrier._step()
    assert clock.started == [(NOON - 60_000, NOON + 300)]
    assert (clock.woken, clock.pause) == (True, 0.7)


@pytest.mark.parametrize("moved", [-3_600_000, 3_600_000])
def test_it_does_not_wait_for_a_time_that_another_clock_meant(made, moved):
    clock, carrier = made()
    carrier.give(runs([NOON + 4_000]))
    carrier._step()
    clock.passes(1_000, moved=moved)
    carrier._step()
    assert (len(clock.started), clock.voided) == (1, 1)


@given(st.integers(1, 10**6), st.sampled_from([5_000, 6_000, 30_000]))
def test_it_asks_in_every_interval_and_never_twice_in_one(probe_id, interval):
    """A start before its time, by the rounding, does not plan the same run again; one behind it does not skip the next."""
    rules, due = Rules(interval, 5_000, 5_000, 2, 1), NOON + phase(probe_id, interval) - NOON % interval
    for _ in range(5):
        at = (due + BEAT // 2) // BEAT * BEAT
        following = next_run(rules, probe_id, Standing(outcome=Status.UP, status=Status.UP), max(at, due))
        assert following == due + interval
        due = following
