"""What the health page says of messages and channels."""

from datetime import timedelta

import pytest

from opsconsole.health.vitals import vitals
from opsconsole.outbox.models import Health
from tests.opsconsole import make

pytestmark = pytest.mark.django_db


def said(now):
    return {one.name: (one.tone, one.sentence) for one in vitals["outbox"](now)}


def test_it_does_not_know_while_there_is_no_channel(now):
    assert said(now)["Channels"][0] == "unknown"
    assert said(now)["Messages"] == ("ok", "none is due to be sent")


def test_it_does_not_know_of_a_channel_that_nobody_tried(now):
    make.webhook()
    assert said(now)["Channels"] == ("unknown", "1 of 1 not tried yet: send a test")


def test_it_says_that_channels_are_open(now):
    make.webhook(health=Health.WORKS)
    assert said(now)["Channels"] == ("ok", "1 is open, and what was sent last got through")


def test_it_names_a_channel_that_fails(now):
    make.webhook(name="Team chat", health=Health.FAILING, health_since=now)
    assert said(now)["Channels"] == ("bad", "nothing gets through: Team chat")


def test_it_says_for_how_long_messages_have_waited(now):
    make.delivery(make.webhook(), now=now)
    assert said(now + timedelta(minutes=3))["Messages"] == ("ok", "1 message is due, the oldest for 3 min")
    assert said(now + timedelta(minutes=6))["Messages"][0] == "bad"
