"""The pages of each kind: its own fields, what is wrong on the field, tried, added, shown and changed."""

import pytest

from monitoring.probes.models import Probe
from opsconsole.ui.forms import complaints
from tests.monitoring import make
from tests.monitoring.probes.test_forms import NEW, given

pytestmark = pytest.mark.usefixtures("db")
TCP = {"host": "shop.example.com", "port": "6379", "send": r"PING\r\n", "expect": "+PONG"}

DNS = {"host": "shop.example.com", "record": "MX", "wanted": "exactly", "records": "10 mail.example.com"}

PING = {"host": "shop.example.com", "packets": "5", "loss_down": "100"}

TLS = {"host": "shop.example.com", "port": "443", "degraded_days": "14"}

DOMAIN = {"host": "Shop.example.com", "degraded_days": "30", "interval": "1 day"}

VENDOR = {"url": "shop.example.com/status", "component": "API"}


def of(kind: str) -> str:
    return f"{NEW}?kind={kind}"


@pytest.mark.parametrize(
    ("kind", "fields", "address"),
    [
        ("tcp", TCP, "tcp://shop.example.com:6379"),
        ("dns", DNS, "MX shop.example.com"),
        ("icmp", PING, "ping shop.example.com"),
        ("tls", TLS, "tls://shop.example.com:443"),
        ("domain", DOMAIN, "shop.example.com"),
        ("vendor", VENDOR, "https://shop.example.com/status"),
    ],
)
def test_it_adds_shows_and_changes_one(manager, signed_in, kind, fields, address):
    client = signed_in(manager)
    filled = given(make.service(), **fields)
    assert client.post(of(kind), filled).status_code == 302
    probe = Probe.objects.get()
    assert (probe.kind, address in client.get(f"/monitoring/probes/{probe.pk}/").text) == (kind, True)
    assert address in client.get("/monitoring/probes/", {"q": "example.com"}).text
    client.post(f"/monitoring/probes/{probe.pk}/edit/", filled | {"name": "Renamed"})
    assert Probe.objects.get().name == "Renamed"
    assert Probe.objects.get().config == probe.config


@pytest.mark.parametrize(
    ("kind", "fields", "field", "sentence"),
    [
        ("tcp", TCP | {"host": "intranet.example.com"}, "host", "OPSCONSOLE_ALLOWED_NETWORKS"),
        ("tcp", TCP | {"host": "a host"}, "host", "Write the name of a host"),
        ("dns", DNS | {"records": " "}, "records", "Write the records that are expected"),
        ("dns", DNS | {"wanted": "any"}, "records", "These count only where"),
        (
            "dns",
            DNS | {"record": "A", "records": "203.0.113.7\n2001:db8::1"},
            "records",
            "is no IPv4 address",
        ),
        ("dns", DNS | {"record": "AAAA", "records": "mail"}, "records", "“mail” is no IPv6 address"),
        ("dns", DNS | {"resolver": "10.0.0.7"}, "resolver", "OPSCONSOLE_ALLOWED_NETWORKS"),
        ("dns", DNS | {"resolver": "dns.example.com"}, "resolver", "Write the address of a name server"),
        ("dns", DNS | {"host": ""}, "host", "is still empty"),
        ("icmp", PING | {"loss_degraded": "60", "loss_down": "50"}, "loss_down", "later than degraded"),
        ("icmp", PING | {"packets": "11"}, "packets", "must be 10 or less"),
        ("tls", TLS | {"server_name": "a name"}, "server_name", "Write the name of a host"),
        ("domain", DOMAIN | {"host": "10.0.0.7"}, "host", "Write the domain as it is registered"),
        ("domain", DOMAIN | {"interval": "1 h"}, "interval", "every 1 day at the most"),
        ("vendor", VENDOR | {"url": "http://10.0.0.7/"}, "url", "OPSCONSOLE_ALLOWED_NETWORKS"),
        ("tcp", TCP | {"port": "70000"}, "port", "must be 65535 or less"),
        (
            "tcp",
            TCP | {"latency_degraded_ms": "9", "latency_down_ms": "8"},
            "latency_down_ms",
            "later than degraded",
        ),
    ],
)
def test_it_says_what_is_wrong_on_the_field(manager, signed_in, kind, fields, field, sentence):
    page = signed_in(manager).post(of(kind), given(make.service(), **fields))
    assert sentence in " ".join(complaints(page.context["form"][field]))


def test_it_tries_without_saving(manager, signed_in, loopback):
    asked = given(make.service(), host="127.0.0.1", port="1") | {"try": "1"}
    page = signed_in(manager).post(of("tcp"), asked).text
    assert "Nothing accepts connections at 127.0.0.1:1" in page
    assert not Probe.objects.exists()


def test_it_has_a_word_for_what_is_not_slow(manager, signed_in, now):
    probe = make.probe(
        "Papers",
        kind="tls",
        status="degraded",
        last_outcome="degraded",
        last_at=now,
        status_since=now,
        config={"host": "shop.example.com"},
    )
    client = signed_in(manager)
    assert "Papers is degraded since" in client.get(f"/monitoring/probes/{probe.pk}/").text
    assert "Slow" not in client.get("/monitoring/probes/").context["list"].rows[0].word
