"""What fails through a fault of the console is unknown, never down; and what clocks and locks do to a run."""

from datetime import timedelta

import pytest
from django.test import override_settings

from monitoring.catalogue.models import StatusChange
from monitoring.probes.engine import batch, loop, record, store
from monitoring.probes.engine.batch import run_once
from monitoring.probes.engine.clocks import Clocks
from monitoring.probes.engine.online import Gate
from monitoring.probes.engine.record import judge_run, write
from monitoring.probes.models import Bucket, Probe, Result
from monitoring.probes.services import probe_run_now
from opsconsole.lib.moments import to_ms
from tests.monitoring import make
from tests.monitoring.probes.servers import Target, self_signed

pytestmark = pytest.mark.usefixtures("db", "loopback")


def names_answered(yes: bool) -> Gate:
    return Gate(lambda: yes)


def run(now, url: str, gate: Gate | None = None, **fields) -> Probe:
    probe = make.probe(url=url, next_at=now, **{"failure_threshold": 1, "timeout": 2} | fields)
    run_once(now, gate=gate or names_answered(True))
    return Probe.objects.get(pk=probe.pk)


@override_settings(OPSCONSOLE_ALLOWED_NETWORKS=[])
def test_it_does_not_connect_to_a_private_address(target, now):
    probe = run(now, target.url())
    assert (probe.status, target.asked) == ("unknown", {})
    assert "private address" in probe.last_error


def test_it_does_not_follow_a_redirect_to_a_private_address(target, now):
    probe = run(now, target.url("/to/http://10.11.12.13/"))
    assert (probe.status, "10.11.12.13 is a private address" in probe.last_error) == ("unknown", True)


def test_it_does_not_blame_a_service_for_our_name_server(now):
    probe = run(now, "http://shop.invalid/", names_answered(False))
    assert (probe.status, probe.last_error) == ("unknown", "The console's own name server does not answer.")


def test_it_blames_a_service_that_has_no_name(now):
    assert run(now, "http://shop.invalid/").status == "down"


def test_it_calls_nothing_down_when_nothing_at_all_is_reached(now):
    for i in range(3):
        make.probe(f"P{i}", f"http://host{i}.invalid/", next_at=now, failure_threshold=1)
    run_once(now, gate=names_answered(True))
    assert set(Probe.objects.values_list("status", flat=True)) == {"unknown"}
    assert "reached nothing at all" in Probe.objects.all()[0].last_error


def test_it_calls_them_down_when_something_else_is_reached_later(target, now):
    gate, later = names_answered(True), now + timedelta(minutes=1)
    make.probe("Fine", target.url("/slow/50"), next_at=now)
    for i in range(2):
        make.probe(f"P{i}", f"http://host{i}.invalid/", next_at=now, failure_threshold=1)
    run_once(now, gate=gate)
    run_once(later, gate=gate)
    assert sorted(Probe.objects.values_list("status", flat=True)) == ["down", "down", "up"]


def test_it_is_unknown_when_the_kind_is_not_known(now):
    probe = run(now, "http://x.invalid/", kind="telepathy")
    assert (probe.status, "telepathy" in probe.last_error) == ("unknown", True)


def test_it_keeps_what_it_knows_of_a_certificate_when_it_could_not_ask(now):
    expires = now + timedelta(days=3)
    probe = run(now, "http://x.invalid/", kind="telepathy", certificate_expires_at=expires)
    assert (probe.certificate_expires_at, probe.certificate_seen_at) == (expires, None)


def test_it_does_not_trust_a_self_signed_certificate_unless_told(now, tmp_path):
    with Target(self_signed(tmp_path)) as target:
        strict = run(now, target.url())
        loose = run(now, target.url(), name="Loose", config={"verify_tls": False})
    assert (strict.status, strict.last_error[:30]) == ("down", "The certificate is not trusted")
    assert loose.status == "up"
    assert loose.certificate_expires_at is not None and loose.certificate_seen_at == now


def test_it_writes_nothing_when_its_lease_is_lost(target, now, monkeypatch):
    """Somebody changed the probe while it ran: that result is about another question."""
    probe = make.probe(url=target.url(), next_at=now)
    judged = []

    def change_meanwhile(run):
        judge_run(run)
        judged.append(run)
        Probe.objects.filter(pk=probe.pk).update(leased_until=None, next_at=now + timedelta(hours=1))

    monkeypatch.setattr(batch, "judge_run", change_meanwhile)
    assert run_once(now) == 0
    assert len(judged) == 1 and not Result.objects.exists() and not Bucket.objects.exists()


def test_it_writes_a_result_once(target, now):
    make.probe(url=target.url("/status/500"), next_at=now, failure_threshold=1)
    kept = store.store()
    (claimed,) = kept.claim(now=to_ms(now), horizon=to_ms(now), limit=5)
    assert kept.claim(now=to_ms(now), horizon=to_ms(now), limit=5) == []
    claimed.at = to_ms(now)
    claimed.answer.ours = "It was not asked."
    judge_run(claimed)
    assert len(write([claimed], kept, to_ms(now))) == 1
    assert write([claimed], kept, to_ms(now)) == []


@pytest.mark.parametrize(("pressed", "again"), [(-2, False), (2, True)])
def test_it_asks_again_for_somebody_who_wants_to_know_while_it_asks(owner, now, pressed, again):
    """He waits for an answer to a question that was asked after he pressed."""
    probe, kept, begun = make.probe(next_at=now), store.store(), now + timedelta(seconds=3)
    (claimed,) = kept.claim(now=to_ms(now), horizon=to_ms(now), limit=5)
    probe_run_now(actor=owner, probe=probe, now=begun + timedelta(seconds=pressed))
    claimed.at = to_ms(begun)
    judge_run(claimed)
    write([claimed], kept, to_ms(now))
    probe.refresh_from_db()
    assert (probe.next_at == begun + timedelta(seconds=pressed)) == again
    assert probe.next_at > begun and probe.leased_until is None


def test_it_is_due_again_when_its_lease_runs_out(target, now):
    make.probe(url=target.url(), next_at=now)
    kept, at = store.store(), to_ms(now)
    assert len(kept.claim(now=at, horizon=at, limit=5)) == 1
    after = at + 10_000 + store.MARGIN
    assert len(kept.claim(now=after, horizon=after, limit=5)) == 1


def test_it_records_a_change_from_the_first_failing_answer(target, now):
    make.probe(url=target.url("/status/500"), next_at=now, status="up", last_outcome="up")
    run_once(now)
    run_once(now + timedelta(seconds=10))
    (change,) = StatusChange.objects.all()
    assert (change.old, change.new, change.at) == ("up", "down", now)
    assert change.noticed_at == now + timedelta(seconds=10)


def test_it_notices_a_moved_clock_and_a_long_sleep():
    wall, steady = [1000.0], [0.0]
    clocks = Clocks(lambda: wall[0], lambda: steady[0])
    seen = []
    for moved, passed in ((1, 1), (7200, 1), (-7200, 1), (1800, 1800), (40, 40)):
        wall[0] += moved
        steady[0] += passed
        seen.append(clocks.jumped())
    assert seen == [False, True, True, True, False]


def test_it_plans_anew_what_another_clock_planned(now):
    make.probe("Ahead", next_at=now + timedelta(hours=2), leased_until=now + timedelta(hours=2))
    make.probe("Behind", next_at=now - timedelta(hours=2))
    make.probe("Well", next_at=now + timedelta(seconds=20))
    assert store.store().anchor(to_ms(now)) == 2
    for probe in Probe.objects.all():
        assert now <= probe.next_at <= now + timedelta(seconds=30) and probe.leased_until is None


def test_it_loses_only_the_result_that_cannot_be_written(now, monkeypatch):
    def flawed(runs, *others):
        if any(run.name == "Poison" for run in runs):
            raise ValueError("poison")
        return write(runs, *others)

    monkeypatch.setattr(record, "write", flawed)
    fine, _ = (make.probe(name, next_at=now) for name in ("Fine", "Poison"))
    engine, kept = loop.Engine(), store.store()
    engine._judge(kept.claim(now=to_ms(now), horizon=to_ms(now), limit=5))
    engine._write()
    assert Result.objects.get().probe_id == fine.pk
