"""The engine's threads at work, on a database that other threads see."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from monitoring.probes.engine import loop
from monitoring.probes.engine.loop import Engine
from monitoring.probes.engine.store import store
from monitoring.probes.models import Probe, Result
from monitoring.probes.tasks import run_due
from opsconsole.health.models import Pulse
from opsconsole.lib import clock
from opsconsole.lib.moments import to_ms
from tests.monitoring import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loopback")]


def wait_for(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def engine():
    running = Engine()
    running.start()
    yield running
    running.stop()
    running.join(10)
    assert not running.is_alive()


def test_it_runs_a_new_probe_within_seconds(target, engine):
    make.probe(url=target.url(), next_at=clock.now())
    wait_for(lambda: Probe.objects.filter(status="up").exists())


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="elsewhere the lease may be that of another engine at work"
)
def test_it_waits_for_no_lease_of_an_engine_that_was_killed(target):
    moment = clock.now()
    probe = make.probe(
        url=target.url(), next_at=moment, timeout=60, leased_until=moment + timedelta(seconds=68)
    )
    Engine()._wake_up(store())
    soon = to_ms(clock.now()) + 1000
    assert [run.probe_id for run in store().claim(now=soon, horizon=soon, limit=9)] == [probe.pk]


def test_it_looks_at_once_when_it_is_called(target, engine, monkeypatch):
    monkeypatch.setattr(loop, "TICK", 3600)
    monkeypatch.setattr(loop, "_engines", [engine])
    wait_for(lambda: Pulse.objects.filter(part="probes").exists())
    make.probe(url=target.url(), next_at=clock.now())
    run_due(clock.now())
    wait_for(lambda: Probe.objects.filter(status="up").exists())


def test_it_confirms_an_outage_by_a_retry(target, engine):
    make.probe(url=target.url("/status/500"), next_at=clock.now(), interval=60, retry_interval=5)
    wait_for(lambda: Probe.objects.filter(status="down").exists())
    assert Result.objects.count() == 2


def test_it_gives_back_what_it_has_not_finished(target):
    engine = Engine()
    engine.start()
    make.probe(url=target.url("/hang"), next_at=clock.now(), timeout=30)
    wait_for(lambda: "/hang" in target.asked)
    engine.stop()
    engine.join(10)
    probe = Probe.objects.get()
    assert (probe.leased_until, probe.last_at) == (None, None)


def test_it_spreads_what_is_overdue_over_one_interval(target):
    for i in range(40):
        make.probe(f"P{i}", target.url(), interval=5, next_at=clock.now() - timedelta(hours=2))
    engine = Engine()
    engine.start()
    begun = clock.now()
    wait_for(lambda: not Probe.objects.filter(last_at=None).exists(), 8)
    engine.stop()
    engine.join(10)
    first = [Result.objects.filter(probe_id=probe.pk).order_by("at")[0].at for probe in Probe.objects.all()]
    assert max(first) - begun < timedelta(seconds=6)
    assert max(first) - min(first) > timedelta(seconds=3)
