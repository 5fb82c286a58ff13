"""Integrations with keys that tests know, recorded payloads, and a client that posts them."""

import json
from pathlib import Path

import pytest

from monitoring.alerts.models import Alert
from monitoring.inbound.models import Integration
from monitoring.inbound.views import doors
from opsconsole.lib.secrets import digest
from tests.conftest import NOW

KEY = "0123456789abcdef0123456789abcdef"
FOLDER = Path(__file__).parent / "fixtures"


def payload(name):
    """A recorded payload as JSON."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def integration(kind="alertmanager", key=KEY, **fields):
    defaults = {"name": "Prometheus", "created_at": NOW, "prefix": key[:6], "digest": digest(key)}
    return Integration.objects.create(kind=kind, **defaults | fields)


def states():
    """(fingerprint, state) of all alerts, in order."""
    return sorted(Alert.objects.values_list("fingerprint", "state"))


@pytest.fixture
def post(client, frozen, db, monkeypatch):
    """`post(path, payload)` as a system does it: no cookies, JSON, or bytes as they are. However slow this machine is, what is
    small is read at once.
    """
    monkeypatch.setattr(doors, "PATIENCE", 3600)

    def send(path, content, **headers):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return client.post(path, raw, content_type="application/json", headers=headers)

    return send
