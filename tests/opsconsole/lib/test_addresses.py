"""Whom we believe about where a request comes from."""

import pytest

from opsconsole.lib.addresses import client_address, path_of


def seen(rf, forwarded=None, direct="10.0.0.1"):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(rf.get("/", REMOTE_ADDR=direct, **headers))


def test_it_believes_nobody_without_proxies(rf):
    assert seen(rf, "203.0.113.9") == "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.66, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "<script>", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_it_believes_as_many_proxies_as_there_are(rf, settings, proxies, forwarded, address):
    settings.OPSCONSOLE_PROXIES = proxies
    assert seen(rf, forwarded) == address


def test_it_knows_no_address_of_a_local_socket(rf):
    assert seen(rf, direct="") is None


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://ops.example.com/today/?day=1#x", "/today/?day=1"),
        ("https://evil.example//x", "/"),
        (r"https://evil.example/\evil.example", "/"),  # browsers take it for a second slash
        ("javascript:alert(1)", "/"),
        ("http://[::1", "/"),
        ("", "/"),
    ],
)
def test_it_finds_the_path_of_an_address_that_a_browser_sent(address, path):
    assert path_of(address) == path
