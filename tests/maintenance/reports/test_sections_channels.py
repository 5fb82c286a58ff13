"""What the report says of ways out."""

from datetime import UTC, datetime

import pytest

from maintenance.reports.sections import Context, channels
from opsconsole.outbox.models import Channel
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)


def channel(name="Ops mail", **fields):
    return Channel.objects.create(kind="email", name=name, config={}, **fields)


def test_it_asks_what_to_do_with_a_closed_channel():
    shut = channel(is_enabled=False, disabled_reason="550 no such user")
    channel("Switched off by hand", is_enabled=False)
    (item,) = channels.closed(CONTEXT)
    assert "“Ops mail” was closed after a permanent error" in item.text
    assert (item.url, item.action) == (f"/settings/channels/{shut.pk}/", "Open the channel")


def test_it_tells_of_a_channel_that_fails():
    channel(health="failing", health_since=datetime(2026, 11, 15, 12, tzinfo=UTC))
    (item,) = channels.failing(CONTEXT)
    assert f"{item.label}{item.joint}{item.text}" == "Ops mail does not get through since Sunday 13:00."


def test_it_says_when_nobody_would_be_told():
    assert channels.no_way_out(CONTEXT)[0].label == "No channel"
    channel()
    assert channels.no_way_out(CONTEXT) == []
    assert channels.failing(CONTEXT) == channels.closed(CONTEXT) == []
