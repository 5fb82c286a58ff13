"""A job of a service under maintenance is in a state of its own: in its bars, on pages, in figures and checks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.heartbeats.models import Heartbeat
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window

pytestmark = pytest.mark.usefixtures("team", "frozen")
HOUR = timedelta(hours=1)


@pytest.fixture
def late() -> Heartbeat:
    """It should have come an hour ago, when maintenance had begun."""
    heartbeat = make.heartbeat(
        "Backup", status="down", last_outcome="missed", status_since=NOW - HOUR, last_ping_at=NOW - 26 * HOUR,
        status_reason="No report came.", expected_at=NOW - 2 * HOUR,
    )  # fmt: skip
    window(heartbeat.service, starts_at=NOW - 2 * HOUR, hours=4, now=NOW - 3 * HOUR, reason="Upgrade")
    return heartbeat


def page(signed_in, viewer, heartbeat: Heartbeat) -> str:
    return signed_in(viewer).get(reverse("heartbeats:detail", args=[heartbeat.pk])).text


def test_it_shows_in_its_bars_how_long_it_was_maintained(late, signed_in, viewer):
    assert "maintenance, 2 h in all" in page(signed_in, viewer, late)
