"""Which addresses the console may connect to: public ones, and the private ones that a setting opens."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.http.guard import Refused, check, is_own, networks, permitted, resolve

LAN = networks(("10.0.0.0/8", "fd00::/8"))


def wrapped(address):
    """The ways in which an address of IPv4 may stand inside one of IPv6."""
    number = int(IPv4Address(address))
    yield from (f"::ffff:{address}", f"64:ff9b::{address}", str(IPv6Address(0x2002 << 112 | number << 80)))
    yield str(IPv6Address(0x2001 << 112 | number ^ 0xFFFFFFFF))  # Teredo turns every bit


@given(st.ip_addresses(v=4))
def test_it_looks_through_every_wrapping(address):
    assert {permitted(each, LAN) for each in wrapped(address)} == {permitted(str(address), LAN)}


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::93.184.216.34"])
def test_it_calls_what_is_public(address):
    assert permitted(address, ())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fd00::1", "ff0e::1"),
        *("192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:192.0.0.192"),
        *("fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::127.0.0.1", "2001:db8::1"),
    ],
)
def test_it_calls_nothing_else(address):
    assert not permitted(address, ())
    with pytest.raises(Refused, match="intranet is a private address"):
        check([address], (), "intranet")


@pytest.mark.parametrize("address", ["10.0.0.7", "::ffff:10.0.0.7", "fd00::7"])
def test_it_calls_the_networks_that_are_opened(address):
    check(["127.0.0.1", address], LAN, "intranet")


def test_it_says_which_entry_is_no_network():
    with pytest.raises(ValueError, match="/99” is not a network"):
        networks(("10.0.0.0/8", "10.0.0.0/99"))


@pytest.mark.parametrize(
    ("url", "own"),
    [("/healthz", True), ("/healthz?a=1", True), ("/healthz/..", False), ("/readyz", False), ("", False)],
)
def test_it_may_always_look_whether_it_lives(settings, url, own):
    settings.OPSCONSOLE_URL = "http://127.0.0.1:8000"
    assert is_own(f"http://127.0.0.1:8000{url}") is own


def test_it_knows_an_address_that_names_an_interface():
    assert resolve("fe80::1%25eth0", 80) == ["fe80::1"]
