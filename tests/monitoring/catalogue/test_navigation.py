"""The rail says how many services are in trouble, in two queries."""

import pytest

from monitoring.catalogue.navigation import trouble
from tests.monitoring import make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("states", "number", "tone"),
    [
        (["up", "paused"], 0, "ok"),
        (["up", "unknown"], 1, "unknown"),
        (["unknown", "degraded"], 1, "look"),
        (["degraded", "down", "down"], 2, "bad"),
    ],
)
def test_it_counts_the_worst(django_assert_num_queries, states, number, tone):
    for n, state in enumerate(states):
        make.probe(service=make.service(f"Service {n}"), status=state)
    with django_assert_num_queries(2):
        count = trouble()
    assert count
    assert (count.number, count.tone) == (number, tone)


def test_it_says_nothing_where_nothing_is_watched(db):
    make.service()
    assert trouble() is None
