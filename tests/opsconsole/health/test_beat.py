"""Beat asks for every sweep in its interval, whatever happens to the clock."""

from datetime import timedelta

import pytest

from opsconsole import schedule
from opsconsole.beat import Scheduler
from opsconsole.celery import app

pytestmark = pytest.mark.django_db
OFTEN = {name for name, every in schedule.TABLE.items() if every <= timedelta(minutes=1)}


class Beat:
    """Beat with an ear for what it asks for."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)
        schedule.sync()
        self.scheduler = Scheduler(app=app)
        self.names: set[str] = set()
        self.scheduler._finalize.cancel()  # it would write at the end of all tests
        monkeypatch.setattr(
            self.scheduler, "apply_entry", lambda entry, producer=None: self.names.add(entry.name)
        )

    def asked(self):
        """What it asks for at this moment."""
        self.names.clear()
        while not self.scheduler.tick():
            pass
        return set(self.names)


@pytest.fixture
def beat(frozen, monkeypatch):
    return Beat(monkeypatch)


def test_it_asks_for_each_sweep_once_an_interval(beat, frozen):
    assert beat.asked() == set(schedule.TABLE)
    assert beat.asked() == set()
    frozen.shift(timedelta(minutes=1))
    assert beat.asked() == OFTEN


def test_it_goes_on_when_the_clock_is_set_back(beat, frozen):
    frozen.shift(timedelta(days=365))
    beat.asked()
    frozen.shift(timedelta(days=-365))
    beat.asked()
    frozen.shift(timedelta(minutes=1))
    assert beat.asked() == OFTEN


def test_it_goes_on_when_the_clock_was_set_back_while_it_was_stopped(beat, frozen, monkeypatch):
    frozen.shift(timedelta(days=365))
    beat.asked()
    beat.scheduler.sync()
    frozen.shift(timedelta(days=-365))
    again = Beat(monkeypatch)
    again.asked()
    frozen.shift(timedelta(minutes=1))
    assert again.asked() == OFTEN
