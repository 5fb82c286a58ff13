"""The auditor: what is overdue, who is told, and when the dead-man's switch hears from us."""

from datetime import timedelta

import pytest

from opsconsole.health import alarms, tasks, watches
from opsconsole.health.models import Gap, Pulse, SweepRun, Switch
from opsconsole.health.services import sweep_ran, sweeps_announce
from opsconsole.health.watches import Overdue
from opsconsole.lib.http.client import Answer, CallFailed
from opsconsole.lib.http.guard import Refused

pytestmark = pytest.mark.django_db
TABLE = {"health.audit": timedelta(minutes=1)}


@pytest.fixture
def world(monkeypatch, settings, now):
    """No watches but those of the test; calls and alarms are collected."""
    heard: dict[str, list[object]] = {"alarms": [], "pings": []}
    monkeypatch.setattr(watches.watches, "_entries", {})
    monkeypatch.setattr(alarms.alarms, "_entries", {"test": lambda *said: heard["alarms"].append(said)})

    def call(request):
        heard["pings"].append(request.url)
        return Answer(200, b"", {}, 1)

    monkeypatch.setattr(tasks, "call", call)
    settings.OPSCONSOLE_DEADMAN_URL = "https://switch.example/abc"
    sweeps_announce(table=TABLE)
    sweep_ran(sweep="health.audit", now=now)
    Pulse.objects.create(part="engine", started_at=now - timedelta(hours=1), seen_at=now)
    return heard


def test_it_tells_the_switch_only_when_nothing_is_overdue(world, now):
    assert tasks.audit(now) == 0
    assert world["pings"] == ["https://switch.example/abc"]
    assert world["alarms"] == []
    assert Switch.objects.get().told_at == now


@pytest.mark.parametrize("error", [CallFailed("No answer in time"), Refused("A private address")])
def test_it_goes_on_when_the_switch_cannot_be_reached(world, now, monkeypatch, caplog, error):
    def fail(_request):
        raise error

    monkeypatch.setattr(tasks, "call", fail)
    assert tasks.audit(now) == 0
    assert f"was not reached: {error}" in caplog.text
    assert Switch.objects.get().error == f"It was not reached: {error}"


def test_it_says_when_the_switch_does_not_know_us(world, now, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "call", lambda _request: Answer(404, b"not found", {}, 1))
    tasks.audit(now)
    assert "the dead-man's switch answered 404" in caplog.text


def test_it_raises_an_alarm_and_keeps_the_switch_silent(world, now):
    watches.watch("outbox.late")(lambda moment: Overdue(2, now, "2 messages wait"))
    assert tasks.audit(now) == 1
    assert world["pings"] == []
    assert "2 messages wait" in str(world["alarms"][0])


def test_it_says_the_same_once_an_hour(world, now):
    watches.watch("outbox.late")(lambda moment: Overdue(2, now, "2 messages wait"))
    tasks.audit(now)
    tasks.audit(now + timedelta(minutes=1))
    events = {str(said).split(",")[0] for said in world["alarms"]}
    assert len(events) == 1


def test_it_finds_a_sweep_that_stopped(world, now):
    assert tasks.audit(now + timedelta(minutes=10)) == 1
    assert "“Look for anything overdue, and tell the dead-man's switch” has not run in time." in str(
        world["alarms"]
    )


def test_it_finds_a_sweep_that_fails_every_time(world, now):
    SweepRun.objects.update(failed_at=now + timedelta(minutes=9))
    assert tasks.audit(now + timedelta(minutes=10)) == 1
    assert "dead-man's switch” fails; the health page says why." in str(world["alarms"])
    assert world["pings"] == []


def test_it_says_nothing_while_catching_up_after_a_stop(world, now):
    watches.watch("outbox.late")(lambda moment: Overdue(2, now, "2 messages wait"))
    Gap.objects.create(part="engine", start=now - timedelta(hours=1), end=now)
    assert tasks.audit(now + timedelta(seconds=5)) == 0
    assert tasks.audit(now + timedelta(minutes=2)) == 1
    assert world["alarms"]
