"""Old rows go in small batches; a clock that was set back is followed."""

from datetime import timedelta

import pytest

from monitoring.catalogue.states import Status
from monitoring.heartbeats import pruning
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.tasks import fold_and_judge, follow, forget
from tests.monitoring import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def beat(team):
    return make.heartbeat()


def test_it_forgets_old_pings_and_keeps_their_runs(beat, now):
    for days in (91, 90.5, 92, 89):
        make.ping(beat, now - days * DAY, folded=True)
        Run.objects.create(heartbeat=beat, outcome="success", finished_at=now - days * DAY)
    assert forget(now) == 3
    assert (Ping.objects.count(), Run.objects.count()) == (1, 4)


def test_it_keeps_the_newest_pings_of_each(beat, now, monkeypatch):
    monkeypatch.setattr(pruning, "PINGS_OF_ONE", 3)
    kept = [make.ping(beat, now, folded=True).pk for _ in range(5)][2:]
    forget(now)
    assert list(Ping.objects.order_by("pk").values_list("pk", flat=True)) == kept


def test_it_never_forgets_what_was_not_read(beat, now):
    make.ping(beat, now - 100 * DAY)
    assert forget(now) == 0


def test_it_forgets_runs_after_four_hundred_days(beat, now):
    Run.objects.create(heartbeat=beat, outcome="success", finished_at=now - 401 * DAY)
    Run.objects.create(heartbeat=beat, outcome="success", started_at=now - 401 * DAY)
    Run.objects.create(heartbeat=beat, outcome="running", started_at=now - 401 * DAY)
    assert forget(now) == 2


def test_it_forgets_what_was_removed_a_month_ago(beat, now):
    make.ping(beat, now, folded=True)
    make.heartbeat("Recent", removed_at=now - 29 * DAY)
    Heartbeat.objects.filter(pk=beat.pk).update(removed_at=now - 31 * DAY)
    forget(now)
    assert [b.name for b in Heartbeat.objects.all()] == ["Recent"]
    assert not Ping.objects.exists()


def test_it_is_late_again_after_the_clock_came_back_from_next_year(beat, now):
    make.ping(beat, now + 365 * DAY)
    make.ping(beat, now + 365 * DAY, "start")
    fold_and_judge(now + 365 * DAY)
    assert follow(now) == 1
    beat.refresh_from_db()
    assert (beat.last_ping_at, beat.expected_at, beat.running_since) == (now, now + DAY, None)
    make.listening(now + 2 * DAY)
    fold_and_judge(now + 2 * DAY)
    beat.refresh_from_db()
    assert beat.status == Status.DOWN


def test_it_leaves_clocks_alone_that_differ_by_seconds(beat, now):
    make.ping(beat, now + timedelta(seconds=30))
    fold_and_judge(now)
    assert follow(now) == 0
