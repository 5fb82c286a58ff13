"""What lives beside the worker keeps its pulse, whatever its clock and its folder are like."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery import Celery
from click import BadParameter, Command, Context
from django.db import InterfaceError, OperationalError, transaction

from opsconsole import companions
from opsconsole.companions import Companions, Ear, region_of
from opsconsole.lib import nudges
from opsconsole.region_option import named, option


class Asked:
    """Stands for the Celery application."""

    def __init__(self):
        self.tasks = []

    def send_task(self, name, args, countdown, **options):
        self.tasks.append((args[0], countdown))


@pytest.fixture
def beats(monkeypatch):
    found = []
    monkeypatch.setattr(companions, "pulse_beat", lambda part, now: found.append(now))
    return found


def test_it_beats_every_ten_seconds_also_when_the_clock_is_set_back(monkeypatch, time_machine, now, beats):
    moments = [now + timedelta(seconds=s) for s in (0, 5, 10, -3600, -3595, -3590)]

    def listen():
        for moment in moments:
            time_machine.move_to(moment, tick=False)
            yield ""

    monkeypatch.setattr(nudges, "listen", listen)
    Ear(Asked()).run()
    assert beats == [moments[n] for n in (0, 2, 3, 5)]


def test_it_keeps_its_pulse_where_no_nudge_can_be_heard(settings, tmp_path, caplog):
    settings.DATA_DIR, settings.REDIS_URL = tmp_path / ("long" * 40), ""
    assert next(nudges.listen()) == ""
    assert "No nudges are heard" in caplog.text


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_it_goes_on_when_a_beat_cannot_be_written(monkeypatch, now, time_machine, error):
    def beat(part, now):
        heard.append(now)
        raise error("the connection is closed")

    heard: list[object] = []
    time_machine.move_to(now, tick=False)
    monkeypatch.setattr(companions, "pulse_beat", beat)
    monkeypatch.setattr(companions, "close_old_connections", lambda: None)
    monkeypatch.setattr(nudges, "listen", lambda: iter(["", ""]))
    Ear(Asked()).run()
    assert heard == [now]


def test_it_bears_that_nobody_hears_a_nudge(settings, tmp_path):
    settings.DATA_DIR, settings.REDIS_URL = tmp_path, ""
    nudges.send("health.audit")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    nudges.send("health.audit")


@pytest.mark.parametrize(
    ("queues", "region"),
    [
        ({"celery", "probes"}, ""),
        ({"probes.eu-west"}, "eu-west"),
        ({"probes.No Name"}, ""),
        ({"probes.b", "probes.a"}, "a"),
    ],
)
def test_it_knows_a_region_by_its_queue(queues, region):
    assert region_of(queues) == region


def test_it_consumes_the_queue_of_its_region_alone():
    app = Celery(broker="memory://")
    Companions(SimpleNamespace(app=app), region="eu-west")
    assert set(app.amqp.queues.consume_from) == {"probes.eu-west"}


@pytest.mark.parametrize(
    ("name", "complaint"), [("Eu West", "30 small letters"), ("eu-west", "PostgreSQL and Redis")]
)
def test_it_says_why_a_worker_cannot_be_that_of_a_region(settings, name, complaint):
    settings.REDIS_URL = ""
    with pytest.raises(BadParameter, match=complaint):
        named(Context(Command("worker")), option, name)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("health.audit", ("health.audit", None)),
        ("health.audit+4", ("health.audit", 4)),
        ("health.audit+0.25", ("health.audit", 0.25)),
        ("health.audit+soon", ("health.audit", None)),
        ("no.such.sweep+4", None),
        ("", None),
    ],
)
def test_it_asks_for_a_sweep_when_it_is_wanted(monkeypatch, beats, said, wanted):
    monkeypatch.setattr(companions, "sweeps", {"health.audit": None})
    monkeypatch.setattr(nudges, "listen", lambda: iter([said]))
    asked = Asked()
    Ear(asked).run()
    assert asked.tasks[1:] == ([wanted] if wanted else [])


def test_it_says_after_how_long_a_sweep_is_wanted(monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(nudges, "send", sent.append)
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())
    for seconds in (0, 4, -9):
        nudges.nudge("a.b", after=timedelta(seconds=seconds))
    assert sent == ["a.b", "a.b+4", "a.b"]
