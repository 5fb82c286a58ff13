"""What a DNS probe finds at a name server on loopback: right, wrong, silent, garbled, cut."""

import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.asking.resolving import place_of
from monitoring.probes.engine import online, resolver
from monitoring.probes.engine.batch import run_once
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds import dns as kind
from monitoring.probes.kinds.dns import Rule, judge, plain
from monitoring.probes.models import Finding, Probe
from tests.monitoring import make
from tests.monitoring.probes.nameserver import NameServer

database = pytest.mark.usefixtures("db", "loopback")


@pytest.fixture
def server():
    with NameServer() as served:
        yield served


def run(server, now, host="shop.test", *, timeout=5, **config) -> Probe:
    """Run one DNS probe once and return it as stored."""
    config = {"host": host, "resolver": server.address} | config
    probe = make.probe(kind="dns", next_at=now, failure_threshold=1, timeout=timeout, config=config)
    assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


@database
@pytest.mark.parametrize(
    ("host", "record", "records"),
    [
        ("shop.test", "A", ["203.0.113.7", "203.0.113.8"]),
        ("shop.test", "MX", ["10 mail.shop.test."]),
        ("shop.test", "TXT", ["v=spf1 -all"]),
        ("203.0.113.7", "PTR", ["shop.test."]),
        ("nul.test", "TXT", ["a b�"]),  # what no database can keep
    ],
)
def test_it_finds_records(server, now, host, record, records):
    probe = run(server, now, host, record=record)
    assert (probe.status, probe.last_error) == ("up", "")
    assert Finding.objects.get().facts == {"rcode": "NOERROR", "records": records, "server": "127.0.0.1"}


@database
@pytest.mark.parametrize(
    ("host", "config", "says"),
    [
        ("nowhere.test", {}, "The name does not exist (NXDOMAIN)."),
        ("shop.test", {"record": "AAAA"}, "The name has no AAAA record."),
        ("failing.test", {}, "The name server failed to find it (SERVFAIL)."),
        (
            "shop.test",
            {"wanted": "NXDOMAIN"},
            "It answered “203.0.113.7” and “203.0.113.8”; expected is NXDOMAIN.",
        ),
        ("shop.test", {"wanted": "NODATA"}, "It answered “203.0.113.7” and “203.0.113.8”; expected is none."),
        (
            "shop.test",
            {"wanted": "exactly", "records": "203.0.113.7\n1.1.1.1"},
            "The answer does not have “1.1.1.1” and has “203.0.113.8”, which is not expected.",
        ),
        ("silent.test", {}, "The name server 127.0.0.1 did not answer in time"),
        ("garbage.test", {}, "The name server 127.0.0.1 sent only what does not answer the question"),
    ],
)
def test_it_says_what_is_wrong(server, now, host, config, says):
    begun = time.monotonic()
    probe = run(server, now, host, timeout=1 if host[:2] in ("si", "ga") else 5, **config)
    assert (probe.status, probe.last_error) == ("down", says)
    assert time.monotonic() - begun < 8


@database
@pytest.mark.parametrize(
    ("host", "config"),
    [
        ("nowhere.test", {"wanted": "NXDOMAIN"}),
        ("shop.test", {"wanted": "NODATA", "record": "AAAA"}),
        ("shop.test", {"wanted": "contains", "records": " 203.0.113.8 "}),
        ("shop.test", {"wanted": "exactly", "record": "MX", "records": "10  Mail.Shop.Test"}),
        ("shop.test", {"wanted": "exactly", "record": "CAA", "records": "0 issue ca.example"}),
    ],
)
def test_it_takes_what_is_expected(server, now, host, config):
    assert run(server, now, host, **config).last_error == ""


@database
def test_it_passes_an_answer_with_another_id_over(server, now):
    run(server, now, "otherid.test")
    assert Finding.objects.get().facts["records"] == ["203.0.113.9"]


@database
def test_it_asks_over_tcp_when_the_answer_is_cut(server, now):
    run(server, now, "big.test", record="TXT", wanted="contains", records="0007 " + "x" * 200)
    assert [way for _, way in server.asked] == ["udp", "tcp"]
    assert (Probe.objects.get().status, len(Finding.objects.get().facts["records"])) == ("up", 200)


@database
def test_it_says_that_nobody_takes_questions(now):
    with NameServer() as server:
        pass
    probe = run(server, now)
    assert probe.last_error == "The name server 127.0.0.1 takes no questions (connection refused)"


@database
def test_it_tells_slow(server, now):
    assert run(server, now, "slow.test", latency_degraded_ms=20).status == "degraded"


@database
def test_it_asks_no_private_name_server(server, now, settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    probe = run(server, now)
    assert (probe.status, server.asked) == ("unknown", [])


@database
def test_it_blames_itself_when_its_own_name_server_is_silent(server, now, monkeypatch):
    monkeypatch.setattr(kind, "nameservers", lambda: ["127.0.0.1"])
    monkeypatch.setattr(kind, "place_of", lambda _: place_of(server.address))
    monkeypatch.setattr(resolver, "answers", lambda _: False)
    probe = run(server, now, "silent.test", timeout=1, resolver="")
    assert (probe.status, probe.last_error) == ("unknown", online.NO_NAMES)


names = st.lists(st.sampled_from(["a.test", "b.test", "c.test"]), min_size=1, unique=True)


@given(names, names, st.randoms())
def test_it_wants_all_or_exactly_these_in_any_order(expected, came, random):
    random.shuffle(came)
    answer = Answer(facts={"rcode": "NOERROR", "records": [f"{name.upper()}." for name in came]})
    for wanted, good in (("exactly", set(came) == set(expected)), ("contains", set(came) >= set(expected))):
        assert (judge(Rule("NS", wanted, frozenset(expected)), answer).grade == Status.UP) is good


@pytest.mark.parametrize(
    ("record", "one", "same"),
    [
        ("AAAA", "2001:DB8:0::1", "2001:db8::1"),
        ("MX", "10 Mail.test.", "10  mail.test"),
        ("NS", ".", "."),
        ("TXT", '"v=DKIM1; p=abc" "def"', "v=DKIM1; p=abcdef"),  # a long text in pieces, as dig prints it
        ("TXT", '"a b"', "a  b"),
        ("CAA", '0 issue "ca.test"', "0 issue ca.test"),
    ],
)
def test_it_knows_one_record_in_two_spellings(record, one, same):
    assert plain(record, one) == plain(record, same)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("1.1.1.1", "1.1.1.1", 53),
        ("::1", "::1", 53),
        ("[::1]:5353", "::1", 5353),
        ("9.9.9.9:99", "9.9.9.9", 99),
    ],
)
def test_it_reads_the_address_of_a_name_server(text, host, port):
    place = place_of(text)
    assert place and place.address[:2] == (host, port)
    assert place.family == (socket.AF_INET6 if ":" in host else socket.AF_INET)


@given(st.text(max_size=30))
def test_it_takes_any_text_for_an_address_or_for_none(text):
    assert place_of(text) is None or place_of(text)
