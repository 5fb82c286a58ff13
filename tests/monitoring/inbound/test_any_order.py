"""The same deliveries in any order, some of them several times, give the same alerts."""

import json
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alerts.models import Alert, Ledger
from monitoring.inbound.kinds import kinds
from monitoring.inbound.models import Arrival
from monitoring.inbound.taking import arrival_settle, arrival_store, parcel_of, understood
from tests.conftest import NOW
from tests.monitoring.inbound.conftest import integration

START = NOW - timedelta(hours=2)
EPISODES = [(0, 10), (15, 22), (30, None)]  # minutes; the last one lasts


def words(fingerprint):
    """What an Alertmanager says of its episodes: each begins, is repeated, and ends."""
    for began, ended in EPISODES:
        start = (START + timedelta(minutes=began)).isoformat()
        item = {"labels": {"alertname": "X"}, "fingerprint": fingerprint, "startsAt": start}
        yield item | {"status": "firing"}
        if ended is not None:
            yield item | {"status": "resolved", "endsAt": (START + timedelta(minutes=ended)).isoformat()}


ALL = [json.dumps({"version": "4", "alerts": [word]}).encode() for f in ("a", "b") for word in words(f)]
orders = st.permutations(ALL).flatmap(
    lambda o: st.lists(st.sampled_from(ALL), max_size=5).map(lambda more: [*o, *more])
)


def amount(row, order):
    """The alerts that come of deliveries in an order, then nothing of it is left."""
    for body, second in zip(order, count()):
        now = NOW + timedelta(seconds=second)
        arrival, again = arrival_store(integration=row, key="k" * 32, body=body, headers={}, now=now)
        if not again:
            arrival_settle(arrival=arrival, reading=understood(kinds[row.kind], parcel_of(arrival)), now=now)
    found = sorted(Alert.objects.values_list("fingerprint", "starts_at", "ends_at", "state"), key=str)
    for model in (Alert, Ledger, Arrival):
        model.objects.all().delete()
    return found


@pytest.mark.django_db
@settings(max_examples=25)
@given(order=orders)
def test_it_comes_to_the_same_in_any_order(order):
    row = integration(key=f"{abs(hash(tuple(order))):032x}"[:32])
    assert amount(row, order) == amount(row, ALL)
    row.delete()
