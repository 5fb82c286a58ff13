"""What checklists ask about probes."""

from datetime import timedelta

import pytest

from opsconsole.measures.checks import checks
from opsconsole.measures.verdicts import Verdict
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes

pytestmark = pytest.mark.usefixtures("team", "frozen")


def look(slug: str, now):
    evidence = checks[slug].evidence(now)
    return evidence.verdict, evidence.value, evidence.detail


def up(name: str, now, **fields):
    return make.probe(name, **{"status": "up", "last_outcome": "up", "next_at": now} | fields)


def test_it_is_fine_when_all_are_up(now):
    up("A", now)
    up("B", now, is_paused=True, status="paused")
    assert look("probes.all_up", now) == (Verdict.OK, "1 of 1", "1 paused")


@pytest.mark.parametrize(
    ("fields", "verdict", "detail"),
    [
        ({"status": "down", "last_outcome": "down"}, Verdict.BAD, "1 down"),
        ({"status": "degraded"}, Verdict.LOOK, "1 degraded"),
        ({"last_outcome": "down"}, Verdict.LOOK, "1 failing, to be confirmed"),
        ({"status": "unknown"}, Verdict.UNKNOWN, "1 not measured"),
    ],
)
def test_it_names_what_is_not_up(now, fields, verdict, detail):
    up("A", now)
    up("B", now, **fields)
    found = look("probes.all_up", now)
    assert (found[0], found[2]) == (verdict, detail)


def test_it_is_not_verified_by_probes_that_did_not_run(now):
    up("A", now, next_at=now - timedelta(minutes=5))
    assert look("probes.all_up", now) == (Verdict.UNKNOWN, "0 of 1", "1 not measured")


def test_it_is_not_verified_without_probes(now):
    assert look("probes.all_up", now)[0] == Verdict.UNKNOWN
    assert look("probes.latency", now)[0] == Verdict.UNKNOWN
    assert look("probes.certificates", now)[0] == Verdict.UNKNOWN


@pytest.mark.parametrize(("histogram", "verdict"), [("40:2", "ok"), ("46:2", "look"), ("56:2", "bad")])
def test_it_compares_latency_with_the_week_before(now, histogram, verdict):
    probe = up("A", now)
    minutes(probe, now - timedelta(days=3), 60)
    minutes(probe, now - timedelta(hours=2), 60, histogram=histogram)
    assert look("probes.latency", now)[0] == verdict


@pytest.mark.parametrize(("days", "verdict"), [(15, "ok"), (13, "look"), (6, "bad"), (-2, "bad")])
def test_it_warns_of_certificates_that_expire(now, days, verdict):
    expires = now + timedelta(days=days, hours=1)
    up("A", now, certificate_expires_at=expires, certificate_seen_at=now)
    up("B", now, certificate_expires_at=expires + timedelta(days=90), certificate_seen_at=now)
    found = look("probes.certificates", now)
    assert found[0] == verdict and found[2].startswith("A ")


def test_it_does_not_trust_a_certificate_that_was_seen_long_ago(now):
    up("A", now, certificate_expires_at=now + timedelta(days=90), certificate_seen_at=now - timedelta(days=3))
    assert look("probes.certificates", now)[0] == Verdict.UNKNOWN


@pytest.mark.parametrize(("url", "verdict"), [("http://b.example/", "ok"), ("HTTPS://b.example/", "unknown")])
def test_it_does_not_trust_a_certificate_that_was_never_seen(now, url, verdict):
    """As of a probe that has been down since it was made."""
    up("A", now, certificate_expires_at=now + timedelta(days=90), certificate_seen_at=now)
    up("B", now, url=url, status="down")
    assert look("probes.certificates", now)[0] == verdict
