"""Whatever a reason contains, and whatever became of a lease: a batch is written as it is, and only what is still ours."""

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.engine.record import judge_run, write
from monitoring.probes.engine.store import store
from monitoring.probes.kinds import Target, Verdict
from monitoring.probes.models import Probe
from opsconsole.lib.http.easy import Request
from opsconsole.lib.moments import to_ms
from tests.monitoring import make

pytestmark = pytest.mark.django_db
_ODD = ("", "NULL", "null", "{a,b}", "a, “b”", 'say "no"', "back\\slash\\", "two\nlines\tand ¼", "'; --")


def claimed(now, count: int = 1):
    for n in range(count):
        make.probe(f"P{n}", next_at=now)
    runs = store().claim(now=to_ms(now), horizon=to_ms(now), limit=count)
    for run in runs:
        run.at = to_ms(now)
    return sorted(runs, key=lambda run: run.probe_id)


def test_it_keeps_every_character_of_a_reason(now):
    runs = claimed(now, len(_ODD))
    for run, reason in zip(runs, _ODD, strict=True):
        judge_run(run)
        run.verdict = Verdict(Status.DOWN, reason)
    write(runs, store(), to_ms(now))
    assert tuple(Probe.objects.order_by("pk").values_list("last_error", flat=True)) == _ODD


def test_it_bears_a_reason_that_no_database_takes(now):
    (run,) = claimed(now)
    run.target = Target(
        Request("https://a.example/"), lambda _: Verdict(Status.DOWN, "a\x00b\ud800c"), "a.example"
    )
    judge_run(run)
    write([run], store(), to_ms(now))
    assert Probe.objects.get().last_error == "a?b?c"


def test_it_leaves_alone_what_another_engine_leased_since(now):
    mine, lost = claimed(now, 2)
    for run in (mine, lost):
        judge_run(run)
    Probe.objects.filter(pk=lost.probe_id).update(leased_until=now)
    assert write([mine, lost], store(), to_ms(now)) == [mine]
    assert Probe.objects.get(pk=lost.probe_id).last_at is None
