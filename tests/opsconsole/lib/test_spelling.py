"""Addresses with letters of every language reach the wire in ASCII."""

import pytest

from opsconsole.lib.http.easy import Request
from opsconsole.lib.http.spelling import ascii_url


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://example.com/a%20b?x=1", "https://example.com/a%20b?x=1"),
        ("https://bücher.example:8443/Käse?q=ü", "https://xn--bcher-kva.example:8443/K%C3%A4se?q=%C3%BC"),
        ("http://127.0.0.1/already%C3%A4/ä#Teil-ä", "http://127.0.0.1/already%C3%A4/%C3%A4"),
    ],
)
def test_it_spells_an_address_in_ascii(written, sent):
    assert ascii_url(written) == sent


@pytest.mark.parametrize("host", ["ä..b", "ö" * 80, "\u202eevil"])
def test_it_never_fails_on_a_name_that_cannot_be_spelt(host):
    assert Request(f"http://{host}/").url.isascii()
