"""What is due is claimed by one caller at a time, and nobody waits for a turn to find nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.metrics.models import Source
from opsconsole.lib.claims import claim

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=2)


def claimed(now):
    return claim(Source.objects.order_by("pk"), now=now, lease=LEASE, limit=5)


def test_it_gives_each_row_to_one_caller_until_its_lease_is_over(now):
    row = Source.objects.create(kind="csv", name="Orders", next_at=now)
    assert [one.pk for one in claimed(now)] == [row.pk]
    assert claimed(now) == []
    assert [one.leased_until for one in claimed(now + LEASE)] == [now + 2 * LEASE]


def test_it_only_looks_where_nothing_is_due(now):
    with CaptureQueriesContext(connection) as asked:
        assert claimed(now) == []
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
