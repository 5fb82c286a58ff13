"""What a ping finds on loopback: answered, lost in part, lost in whole, not allowed, and what is none of ours."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.asking import Ours, pings
from monitoring.probes.engine.batch import run_once
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds.icmp import Rule, judge
from monitoring.probes.models import Finding, Probe
from tests.monitoring import make

database = pytest.mark.usefixtures("db", "loopback")
ORDER = (Status.UP, Status.DEGRADED, Status.DOWN)
TOKEN = bytes(range(16))


def allowed() -> bool:
    try:
        pings._opened(socket.AF_INET).close()
    except Ours:
        return False
    return True


needs_pings = pytest.mark.skipif(not allowed(), reason="this machine lets nobody send pings")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pings, "GAP", 0.01)
    monkeypatch.setattr(pings, "PATIENCE", 0.1)


def run(now, host="127.0.0.1", **config) -> Probe:
    """Run one ping probe once and return it as stored."""
    probe = make.probe(
        kind="icmp", next_at=now, failure_threshold=1, timeout=1, config={"host": host} | config
    )
    assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


def loses(monkeypatch, numbers):
    """Packets of these numbers never come back."""
    real = pings.heard
    lossy = lambda *given: None if (number := real(*given)) in numbers else number  # noqa: E731
    monkeypatch.setattr(pings, "heard", lossy)


@needs_pings
@database
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_hears_every_packet(now, host):
    probe, facts = run(now, host), Finding.objects.get().facts
    assert (probe.status, probe.last_error) == ("up", "")
    assert (facts["sent"], facts["lost"], facts["address"]) == (3, 0, host)
    assert 0 < facts["fastest"] <= facts["slowest"] < 100


@needs_pings
@database
@pytest.mark.parametrize(
    ("numbers", "status", "says"),
    [
        ({1}, "degraded", "One of three pings lost."),
        ({0, 1, 2}, "down", "None of three pings came back."),
    ],
)
def test_it_says_what_was_lost(now, monkeypatch, numbers, status, says):
    loses(monkeypatch, numbers)
    probe = run(now)
    assert (probe.status, probe.last_error) == (status, says)


@database
def test_it_is_unknown_where_pings_are_not_allowed(now, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(socket, "socket", refuse)
    probe = run(now)
    assert probe.status == "unknown"
    assert "ping_group_range" in probe.last_error
    assert "CAP_NET_RAW" in probe.last_error


@database
def test_it_pings_no_private_address(now, settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    assert run(now).status == "unknown"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_it_knows_the_replies_to_its_own(family):
    kind = b"\x00" if family == socket.AF_INET else b"\x81"
    reply = kind + pings.echo(family, TOKEN, 7)[1:]
    assert pings.heard(family, TOKEN, reply) == 7
    assert pings.heard(family, TOKEN[::-1], reply) is None
    assert pings.heard(family, TOKEN, pings.echo(family, TOKEN, 7)) is None


def test_it_takes_the_header_off():
    reply = b"\x45" + bytes(19) + b"\x00" + pings.echo(socket.AF_INET, TOKEN, 2)[1:]
    assert pings.heard(socket.AF_INET, TOKEN, reply) == 2


@given(st.binary(max_size=80), st.sampled_from([socket.AF_INET, socket.AF_INET6]))
def test_it_hears_nothing_in_garbage(data, family):
    assert pings.heard(family, TOKEN, data) is None


@given(st.integers(1, 10), st.data(), st.integers(1, 100), st.integers(1, 100))
def test_it_never_judges_more_loss_better(sent, data, degraded, down):
    rule = Rule(min(degraded, down), max(degraded, down))
    lost = sorted(data.draw(st.tuples(st.integers(0, sent), st.integers(0, sent))))
    less, more = (judge(rule, Answer(facts={"sent": sent, "lost": n})).grade for n in lost)
    assert ORDER.index(less) <= ORDER.index(more)
