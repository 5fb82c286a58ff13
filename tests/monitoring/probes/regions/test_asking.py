"""How a region's worker asks: only its own, each run once, and a probe that is paused by nobody."""

from datetime import timedelta

from monitoring.probes.engine import record
from monitoring.probes.engine.afar import AfarStore
from monitoring.probes.engine.batch import run_once
from monitoring.probes.engine.polls import count
from monitoring.probes.engine.record import judge_run
from monitoring.probes.engine.sights import write
from monitoring.probes.engine.store import store
from monitoring.probes.models import Probe
from monitoring.probes.services import probe_pause, probe_resume, probe_run_now
from monitoring.probes.votes import Quorum
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.moments import to_ms
from tests.monitoring import make
from tests.monitoring.probes.regions.conftest import EU, STEP, US


def claimed(region: str, now):
    return AfarStore(region).claim(now=to_ms(now), horizon=to_ms(now), limit=10)


def test_it_runs_what_is_its_own_and_nothing_else(rounds, target):
    asked = rounds()
    make.probe("Here", target.url(), next_at=asked.now)
    asked.now += STEP
    run_once(asked.now, region="nowhere")
    run_once(asked.now, region=EU)
    assert (asked.seen(EU).last_at, target.asked) == (asked.now, {})
    assert asked.seen(US).last_at < asked.now


def test_it_gives_each_run_to_one_of_two_workers(rounds):
    asked = rounds()
    asked.now += STEP
    first, second = claimed(EU, asked.now), claimed(EU, asked.now)
    assert (len(first), second) == (1, [])


def test_it_runs_again_what_a_killed_worker_had_claimed(rounds):
    asked = rounds()
    claimed(EU, asked.now + STEP)
    assert claimed(EU, asked.now + STEP + timedelta(seconds=5)) == []
    assert len(claimed(EU, asked.now + STEP + timedelta(seconds=11))) == 1


def test_it_writes_nothing_once_its_lease_is_lost(rounds):
    asked = rounds()
    (late,) = claimed(EU, asked.now + STEP)
    late.at = to_ms(asked.now + STEP)
    judge_run(late)
    claimed(EU, asked.now + STEP + timedelta(seconds=11))
    assert write([late], AfarStore(EU), to_ms(asked.now)) == []


def test_it_gives_back_what_it_did_not_come_to(rounds):
    asked = rounds()
    AfarStore(EU).release(claimed(EU, asked.now + STEP))
    assert len(claimed(EU, asked.now + STEP)) == 1


def test_it_spreads_what_is_overdue_after_a_stop(rounds):
    asked = rounds()
    asked.now += timedelta(hours=1)
    assert AfarStore(EU).anchor(to_ms(asked.now)) == 1
    assert asked.now <= asked.seen(EU).next_at <= asked.now + STEP


def test_it_asks_nothing_of_a_paused_probe_and_begins_anew_when_it_is_resumed(rounds):
    asked = rounds()
    probe_pause(actor=SYSTEM, probe=asked.probe, now=asked.now)
    assert asked.pass_by().status == "paused"
    assert (asked.seen(EU).next_at, asked.seen(EU).last_at) == (None, None)
    probe_resume(actor=SYSTEM, probe=asked.found, now=asked.now)
    asked.ask()
    assert asked.found.status == "up"


def test_it_asks_from_every_region_at_once_when_somebody_wants_to_know(rounds):
    asked = rounds()
    asked.now += timedelta(seconds=1)
    probe_run_now(actor=SYSTEM, probe=asked.probe, now=asked.now)
    asked.ask()
    assert {asked.seen(name).last_at for name in (EU, US)} == {asked.now}
    assert asked.pass_by(EU, step=timedelta(seconds=5)).last_at == asked.now


def test_it_counts_votes_by_one_query_however_many_they_are(rounds, django_assert_num_queries):
    asked = rounds()
    asked.now += STEP
    runs = store().claim(now=to_ms(asked.now), horizon=to_ms(asked.now), limit=10)
    for run in runs:
        run.target = Quorum(2)
    with django_assert_num_queries(1):
        count(runs * 5, to_ms(asked.now))


def test_it_reads_no_certificate_away_that_a_region_read_meanwhile(rounds):
    asked = rounds()
    asked.now += STEP
    runs = store().claim(now=to_ms(asked.now), horizon=to_ms(asked.now), limit=1)
    Probe.objects.update(certificate_expires_at=asked.now, certificate_seen_at=asked.now)
    runs[0].target = Quorum(2)
    count(runs, to_ms(asked.now))
    record.write(runs, store(), to_ms(asked.now))
    assert asked.found.certificate_expires_at == asked.found.certificate_seen_at == asked.now
