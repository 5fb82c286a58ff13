"""When a message is tried again, and what may become of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.standing import Standing
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus
from opsconsole.outbox.states import (
    TRANSITIONS,
    channel_standing,
    delivery_standing,
    may_become,
    next_try,
)
from opsconsole.outbox.transports.base import STANDARD_WEBHOOKS
from tests.conftest import NOW


@given(st.integers(1, 9), st.floats(0, 1))
def test_it_waits_within_ten_per_cent(failures, chance):
    again = next_try(STANDARD_WEBHOOKS, failures, now=NOW, chance=chance)
    wait = STANDARD_WEBHOOKS[failures - 1]
    assert again is not None
    assert wait * 0.899 < again - NOW < wait * 1.101


def test_it_waits_longer_every_time():
    moments = [next_try(STANDARD_WEBHOOKS, n, now=NOW, chance=0.5) or NOW for n in range(1, 10)]
    assert moments == sorted(moments)
    assert moments[0] == NOW + timedelta(seconds=5)


def test_it_gives_up_after_the_last_wait():
    assert next_try(STANDARD_WEBHOOKS, 9, now=NOW, chance=0) is not None
    assert next_try(STANDARD_WEBHOOKS, 10, now=NOW, chance=0) is None


@given(st.floats(0, 86400))
def test_it_never_comes_back_before_it_was_asked_to(asked):
    again = next_try(STANDARD_WEBHOOKS, 2, now=NOW, chance=0, asked=asked)
    assert again is not None
    assert again - NOW >= timedelta(seconds=asked)


def test_it_is_not_hurried_by_the_other_side():
    """Retry-After: 0 for ten times must not use up three days of retries in a second."""
    for asked in (0, 1):
        assert next_try(STANDARD_WEBHOOKS, 4, now=NOW, chance=0.5, asked=asked) == NOW + timedelta(hours=2)


@pytest.mark.parametrize("status", DeliveryStatus)
def test_it_knows_every_state(status):
    assert delivery_standing(Delivery(status=status)).tone in ("ok", "bad", "unknown")
    assert set(DeliveryStatus) >= TRANSITIONS[status]


def test_it_lets_nothing_follow_a_delivered_message():
    assert not any(may_become("sent", to) for to in DeliveryStatus)


def test_it_is_worth_a_look_while_it_is_tried_again():
    assert delivery_standing(Delivery(status="waiting", attempts=2)) == Standing("look", "Trying again")


@pytest.mark.parametrize(
    ("fields", "tone", "word"),
    [
        ({}, "unknown", "Not tried yet"),
        ({"health": "works"}, "ok", "Works"),
        ({"health": "failing"}, "bad", "Failing"),
        ({"health": "works", "is_enabled": False}, "unknown", "Switched off"),
        ({"health": "works", "is_enabled": False, "disabled_reason": "410"}, "bad", "Closed"),
        ({"health": "works", "removed_at": NOW}, "unknown", "Removed"),
    ],
)
def test_it_shows_a_channel_green_only_when_something_went_through(fields, tone, word):
    assert channel_standing(Channel(**fields)) == Standing(tone, word)
