"""People with passwords, and the lock-out switched on where it is tested."""

import pytest
from django.conf import settings

PASSWORD = "four words make one"


@pytest.fixture
def olga(owner):
    """The owner, with the password PASSWORD."""
    owner.set_password(PASSWORD)
    owner.save()
    return owner


@pytest.fixture
def locking(monkeypatch):
    monkeypatch.setattr(settings, "AXES_ENABLED", True)
