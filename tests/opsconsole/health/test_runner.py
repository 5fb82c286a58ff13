"""Running a sweep once, whatever it does."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from opsconsole.health import runner
from opsconsole.health.models import SweepRun
from opsconsole.lib.sweeps import Sweep, sweeps

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep_of(monkeypatch):
    """`sweep_of(run)` stands in the registry as “test.sweep” for one test."""
    monkeypatch.setattr(runner, "_noted", {})

    def register(run):
        monkeypatch.setitem(sweeps._entries, "test.sweep", Sweep("test.sweep", "A test", run))

    return register


def test_it_notes_what_a_run_did(sweep_of, now):
    sweep_of(lambda moment: 3)
    assert runner.run("test.sweep", now) == 3
    assert SweepRun.objects.get(sweep="test.sweep").done == 3


def test_it_remembers_what_the_last_run_with_work_did(sweep_of, now):
    done = iter([3, 0])
    sweep_of(lambda moment: next(done))
    runner.run("test.sweep", now), runner.run("test.sweep", now + timedelta(minutes=1))
    assert SweepRun.objects.get(sweep="test.sweep").done == 3


def test_it_notes_the_first_run_after_the_clock_was_set_back(sweep_of, now):
    sweep_of(lambda moment: 0)
    for moment in (now, now - timedelta(hours=1)):
        runner.run("test.sweep", moment)
    assert SweepRun.objects.get(sweep="test.sweep").finished_at == now - timedelta(hours=1)


def test_it_survives_a_failing_sweep_and_says_why(sweep_of, now):
    sweep_of(lambda moment: 1 // 0)
    assert runner.run("test.sweep", now) == 0
    run = SweepRun.objects.get(sweep="test.sweep")
    assert run.failed_at == now
    assert "ZeroDivisionError" in run.last_error


def test_it_does_not_write_a_row_for_every_run(sweep_of, now, django_assert_num_queries):
    sweep_of(lambda moment: 0)
    runner.run("test.sweep", now)
    with django_assert_num_queries(0):
        runner.run("test.sweep", now + timedelta(seconds=1))


def test_it_runs_once_more_when_asked_while_it_ran(sweep_of, now):
    seen = []

    def asked_meanwhile(moment):
        seen.append(moment)
        if len(seen) == 1:
            assert runner.run("test.sweep", moment) is None
        return 1

    sweep_of(asked_meanwhile)
    moments = [now, now + timedelta(seconds=1)]
    assert runner.run_until_quiet("test.sweep", iter(moments).__next__) == 2
    assert seen == moments


def test_it_runs_itself_when_the_other_ended_before_it_was_asked_again(sweep_of, now, monkeypatch):
    class Ending:
        """Held at the first look, free at the second."""

        looks = iter([False, True])
        acquire = staticmethod(lambda blocking: next(Ending.looks))
        release = staticmethod(lambda: None)

    monkeypatch.setitem(runner._running, "test.sweep", Ending())
    sweep_of(lambda moment: 1)
    assert runner.run("test.sweep", now) == 1
    assert "test.sweep" not in runner._again


def test_it_leaves_at_once_while_another_thread_is_at_it(sweep_of, now):
    """A second caller that kept asking took the processor from the first, and from the probes."""
    sweep_of(lambda moment: runner.run_until_quiet("test.sweep", lambda: moment))
    assert runner.run("test.sweep", now) == 0


def test_it_says_on_the_command_line_what_failed(sweep_of, capsys):
    """A cron job that calls it must not take a failure for nothing to do."""
    sweep_of(lambda moment: 1 // 0)
    with pytest.raises(CommandError, match=r"test\.sweep failed; the log says why\."):
        call_command("sweep", "test.sweep", "outbox.deliveries_prune")
    assert capsys.readouterr().out == "test.sweep: failed\noutbox.deliveries_prune: 0\n"
