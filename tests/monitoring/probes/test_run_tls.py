"""What a TLS probe reads of certificates shown on loopback: the whole chain, its first end, and what is wrong with it."""

import ssl
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.asking import chains
from monitoring.probes.engine.batch import run_once
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds.tls import DAY, Rule, judge
from monitoring.probes.models import Finding, Probe
from tests.monitoring import make
from tests.monitoring.probes.papers import authority
from tests.monitoring.probes.servers import Scripted

database = pytest.mark.usefixtures("db", "loopback")
ORDER = (Status.UP, Status.DEGRADED, Status.DOWN)


@pytest.fixture(scope="module")
def root():
    return authority("Root")


@pytest.fixture(autouse=True)
def _trusts_our_root(monkeypatch, root):
    trusting = ssl.create_default_context(cadata=root.pem)
    blind = chains.tls_context(False)
    monkeypatch.setattr(chains, "tls_context", lambda verify: trusting if verify else blind)


def run(port: int, now, **config) -> Probe:
    """Run one TLS probe once and return it as stored."""
    config = {"host": "127.0.0.1", "port": port} | config
    probe = make.probe(kind="tls", next_at=now, failure_threshold=1, timeout=2, config=config)
    assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


def shown(paper, folder, now, between="", **config) -> Probe:
    with Scripted(
        lambda connection: connection.recv(1), tls=paper.context(folder, between=between)
    ) as served:
        return run(served.port, now, **config)


@database
def test_it_reads_the_chain_and_which_ends_first(root, tmp_path, now):
    middle = root.signs("Middle", days=50, is_authority=True)
    probe = shown(middle.signs("Shop", days=80), tmp_path, now, middle.pem)
    facts = Finding.objects.get().facts
    assert (probe.status, probe.last_error) == ("up", "")
    assert [subject for subject, _, _ in facts["chain"]] == ["Shop", "Middle"]
    assert (facts["first"], facts["problem"]) == ("Middle", "")
    assert 49 <= (probe.certificate_expires_at.timestamp() - time.time()) / 86_400 <= 50


@database
@pytest.mark.parametrize(
    ("days", "status", "says"),
    [
        (20.5, "degraded", "The certificate of Shop ends in 20 days, on "),
        (0.5, "degraded", "The certificate of Shop ends in less than a day, on "),
        (-3, "down", "The certificate of Shop ended on "),
    ],
)
def test_it_says_when_it_is_time(root, tmp_path, now, days, status, says):
    probe = shown(root.signs("Shop", days=days), tmp_path, now)
    assert (probe.status, probe.last_error[: len(says)]) == (status, says)


@database
@pytest.mark.parametrize(
    ("signer", "host", "says"),
    [
        ("Root", "127.0.0.9", "The certificate is not trusted: IP address mismatch"),
        ("Stranger", "127.0.0.1", "The certificate is not trusted: unable to get local issuer certificate"),
    ],
)
def test_it_says_why_it_is_not_trusted(root, tmp_path, now, signer, host, says):
    paper = (root if signer == "Root" else authority(signer)).signs("Shop", host=host)
    probe = shown(paper, tmp_path, now)
    assert (probe.status, probe.last_error[: len(says)]) == ("down", says)
    assert probe.certificate_expires_at


@database
def test_it_takes_any_when_told_so(tmp_path, now):
    probe = shown(authority("Ours").signs("Shop"), tmp_path, now, must_be_trusted=False)
    assert probe.status == "up"


@database
def test_it_says_that_a_port_speaks_no_tls(now):
    with Scripted(lambda connection: connection.sendall(b"220 hello\r\n")) as served:
        probe = run(served.port, now)
    assert (probe.status, probe.last_error[:26]) == ("down", "The TLS handshake failed (")


@database
def test_it_ends_a_handshake_that_hangs(now):
    begun = time.monotonic()
    with Scripted(lambda _: time.sleep(4)) as served:
        assert run(served.port, now).last_error == "No complete answer in time (2 s)"
    assert time.monotonic() - begun < 4


@given(st.tuples(st.integers(-400, 400), st.integers(-400, 400)), st.integers(1, 365))
def test_it_never_judges_less_time_better(lefts, within):
    facts = {"at": 0, "first": "Shop", "problem": ""}
    less, more = (
        judge(Rule(within), Answer(facts=facts | {"until": days * DAY})).grade for days in sorted(lefts)
    )
    assert ORDER.index(less) >= ORDER.index(more)
