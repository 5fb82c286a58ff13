"""The same deliveries in any order, some of them several times, give the same alerts."""

import json
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.alerts.models import Alert, Ledger
from monitoring.inbound.kinds import kinds
from monitoring.inbound.models import Arrival
from monitoring.inbound.taking import arrival_settle, arrival_store, parcel_of, understood
from tests.conftest import NOW
from tests.monitoring.inbound.conftest import integration

NUMBERS = count()
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


def beats(monitor):
    """What an Uptime Kuma says of its episodes."""
    for began, ended in EPISODES:
        for status, minute in ((0, began), (1, ended)):
            if minute is not None:
                at = f"{START + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S.000}"
                yield {
                    "monitor": {"name": monitor},
                    "heartbeat": {"monitorID": monitor, "status": status, "time": at},
                }


ALL = {
    "alertmanager": [{"version": "4", "alerts": [word]} for f in ("a", "b") for word in words(f)],
    "kuma": [beat for monitor in ("a", "b") for beat in beats(monitor)],
}


def orders(kind):
    """Everything in some order, then some of it again."""
    bodies = [json.dumps(content).encode() for content in ALL[kind]]
    again = st.lists(st.sampled_from(bodies), max_size=5)
    return st.tuples(st.permutations(bodies), again).map(lambda two: [*two[0], *two[1]])


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
@pytest.mark.parametrize("kind", ALL)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_comes_to_the_same_in_any_order(kind, data):
    row = integration(kind, key=f"{next(NUMBERS):032x}")
    order = [json.dumps(content).encode() for content in ALL[kind]]
    assert amount(row, data.draw(orders(kind))) == amount(row, order)
