"""Fixtures that every test may want. A noun's own belong into its own conftest."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from hypothesis import settings as hypothesis_settings

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from tests import make
from tests.chromium import browser

# A busy machine is slow now and then; that says nothing about a rule.
hypothesis_settings.register_profile("console", deadline=None)
hypothesis_settings.load_profile("console")

# Wednesday of week 47, nine in the morning in Vienna.
NOW = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick_and_closed(monkeypatch, tmp_path):
    """Cheap hashing, an own data folder, and no nudges to a console that may run on this machine."""
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "REDIS_URL", "")
    monkeypatch.setattr(settings, "OPSCONSOLE_ALLOWED_NETWORKS", [])
    monkeypatch.setattr(settings, "AXES_ENABLED", False)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def frozen():
    """The clock stands at NOW; `frozen.shift(timedelta(minutes=5))` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def loopback(settings):
    """Probes and webhooks may reach this machine, where the tests' own servers stand."""
    settings.OPSCONSOLE_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]


@pytest.fixture
def team(db):
    return make.team()


@pytest.fixture
def owner(team) -> User:
    return make.user("Olga", Role.OWNER)


@pytest.fixture
def manager(owner) -> User:
    return make.user("Mara", Role.MANAGER)


@pytest.fixture
def responder(owner) -> User:
    return make.user("Rafi", Role.RESPONDER)


@pytest.fixture
def viewer(owner) -> User:
    return make.user("Vera", Role.VIEWER)


@pytest.fixture
def signed_in(client: Client):
    """`signed_in(user)` is a client for that person."""

    def enter(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


__all__ = ["browser"]
