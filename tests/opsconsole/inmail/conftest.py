"""A mail, an address to post it to, and takers that a test makes up."""

import pytest

from opsconsole.inmail import services, takers
from opsconsole.lib.registry import Registry

MAIL = b"""From: Cron <root@Host.example.com>
To: jobs@example.com, Other <b@example.com>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Message-ID: <1@host>

12 tables
"""


@pytest.fixture
def key(manager, now) -> str:
    return services.mailbox_key(actor=manager, now=now)


@pytest.fixture
def post(client, key):
    """`post(MAIL, "?to=a@example.com")`: what the address answers."""

    def posted(raw: bytes, query: str = "", by: str = ""):
        return client.post(f"/in/email/{by or key}{query}", data=raw, content_type="message/rfc822")

    return posted


@pytest.fixture
def registry(monkeypatch):
    """No takers but those that the test registers."""
    empty: Registry[takers.Taker] = Registry("taker of mails")
    monkeypatch.setattr(services, "takers", empty)
    return empty
