"""Killed at any write, and sent again or swept: each alert is there once, and the delivery is read."""

import json
from datetime import timedelta

import pytest

from monitoring.alerts.models import Alert
from monitoring.inbound.kinds import kinds
from monitoring.inbound.models import Arrival, Fate
from monitoring.inbound.taking import (
    SWEPT,
    arrival_settle,
    arrival_store,
    arrivals_read,
    parcel_of,
    understood,
)
from tests.incidents.killing import Killed, dying_at, killed_at_each_write
from tests.monitoring.inbound.conftest import KEY, integration, payload

pytestmark = pytest.mark.django_db
BODY = json.dumps(payload("alertmanager")).encode()


def store(row, now):
    return arrival_store(integration=row, key=KEY, body=BODY, headers={}, now=now)


def right():
    assert list(Alert.objects.values_list("fingerprint", "state", "count")) == [
        ("a1b2c3d4e5f60718", "firing", 1)
    ]
    assert Arrival.objects.get().fate == Fate.READ


def test_it_takes_what_is_sent_again_after_any_death(now):
    row = integration()

    def deliver():
        arrival, again = store(row, now)
        if not again:
            arrival_settle(arrival=arrival, reading=understood(kinds[row.kind], parcel_of(arrival)), now=now)

    assert killed_at_each_write(deliver, right) > 5


@pytest.mark.parametrize("number", range(1, 8))
def test_it_reads_by_the_next_sweep_what_a_dead_one_left(now, number):
    store(integration(), now)
    later = now + timedelta(minutes=2)
    with pytest.raises(Killed), dying_at(number):
        arrivals_read(now=later)
    arrivals_read(now=later + SWEPT)
    right()
