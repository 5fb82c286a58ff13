"""What a domain probe learns of a registry on loopback: when it ends, who sold it; what is not said is unknown, never down."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.engine.batch import run_once
from monitoring.probes.engine.store import store
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds.domain import Rule, judge, learn
from monitoring.probes.models import Finding, Probe
from opsconsole.lib.moments import to_ms
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.probes.servers import Scripted, answer

database = pytest.mark.usefixtures("db", "loopback", "frozen")
ENDS = datetime(2027, 3, 1, 12, tzinfo=UTC)
REGISTRAR = {
    "roles": ["registrar"],
    "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Names Ltd"]]],
}


def rdap(ends: datetime | None = ENDS, **more: object) -> dict[str, object]:
    events = [{"eventAction": "registration", "eventDate": "2001-01-01T00:00:00Z"}]
    events += [{"eventAction": "expiration", "eventDate": ends.isoformat()}] if ends else []
    return {"objectClassName": "domain", "events": events, "entities": [REGISTRAR]} | more


def run(now, settings, said: object, status: str = "200 OK") -> Probe:
    """Run one domain probe once against a registry that says this, and return it as stored."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()

    def registry(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer(body, status))

    with Scripted(registry) as served:
        settings.OPSCONSOLE_RDAP_URL = f"http://127.0.0.1:{served.port}/"
        probe = make.probe(
            kind="domain", next_at=now, interval=86_400, failure_threshold=1, config={"host": "example.com"}
        )
        assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


@database
def test_it_learns_when_it_ends_and_who_sold_it(now, settings):
    probe, finding = run(now, settings, rdap()), Finding.objects.get()
    assert (probe.status, probe.last_error, finding.ends_at) == ("up", "", ENDS)
    assert finding.facts == {"ends": to_ms(ENDS), "registrar": "Names Ltd"}


@database
@pytest.mark.parametrize(
    ("left", "status", "says"),
    [
        (
            timedelta(days=20, hours=3),
            "degraded",
            "The domain example.com ends in 20 days, on 8 December 2026.",
        ),
        (timedelta(days=-3), "down", "The domain example.com ended on 15 November 2026."),
    ],
)
def test_it_says_when_it_is_time(now, settings, left, status, says):
    probe = run(now, settings, rdap(now + left))
    assert (probe.status, probe.last_error) == (status, says)


@database
@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        (rdap(None), "200 OK", "The registry does not say when example.com ends."),
        ({}, "404 Not Found", "No registry that speaks RDAP knows example.com"),
        ({}, "429 Too Many Requests", "The registry answered 429"),
        (b"<html>", "200 OK", "What the registry answered is not RDAP"),
        (b"[" * 100_000, "200 OK", "What the registry answered is not RDAP"),
        (b'{"x": "' + b"y" * 600_000, "200 OK", "What the registry answered is not RDAP"),
    ],
)
def test_it_is_unknown_where_nothing_is_said(now, settings, said, status, says):
    probe = run(now, settings, said, status)
    assert (probe.status, probe.last_error[: len(says)]) == ("unknown", says)


@database
def test_it_is_asked_once_a_day(now, settings):
    probe = run(now, settings, rdap(now - timedelta(days=1)))
    assert timedelta() < probe.next_at - now <= timedelta(days=1)
    store().hasten(to_ms(now), 5)
    assert Probe.objects.get().next_at == probe.next_at


FIELDS = st.sampled_from(["roles", "eventAction", "eventDate", "vcardArray"])
LEAVES = st.sampled_from(
    [None, 1, "registrar", "expiration", "2026-01-01", "0001-01-01T00:00:00+23:00", "\x00"]
)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner), max_leaves=8))
def test_it_reads_any_json(told):
    learn(json.dumps(told).encode())
    learn(json.dumps({"objectClassName": "domain", "events": [told], "entities": [told]}).encode())


@given(st.integers(-100, 400), st.integers(-100, 400), st.integers(1, 365))
def test_it_never_judges_less_time_better(one, other, within):
    order = (Status.UP, Status.DEGRADED, Status.DOWN)
    said = [json.dumps(rdap(NOW + timedelta(days=days))).encode() for days in sorted((one, other))]
    less, more = (judge(Rule("example.com", within), Answer(code=200, body=body), NOW).grade for body in said)
    assert order.index(less) >= order.index(more)
