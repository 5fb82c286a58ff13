"""The console behind one command."""

import pytest

from opsconsole.management.commands.serve import own_address


@pytest.mark.parametrize(
    ("named", "url"),
    [
        (None, "http://127.0.0.1:9000"),
        ("", "http://127.0.0.1:9000"),
        ("https://ops.example.com", "https://ops.example.com"),
    ],
)
def test_it_leads_links_to_where_it_listens_unless_an_address_is_named(settings, monkeypatch, named, url):
    monkeypatch.delenv("OPSCONSOLE_URL", raising=False)
    if named is not None:
        monkeypatch.setenv("OPSCONSOLE_URL", named)
    settings.OPSCONSOLE_URL = named or "http://127.0.0.1:8000"
    own_address("0.0.0.0", 9000)
    assert url == settings.OPSCONSOLE_URL
