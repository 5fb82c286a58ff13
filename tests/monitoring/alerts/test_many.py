"""Many words at once make what each of them would make by itself, by as many statements as a few."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.cases import Said
from monitoring.alerts.models import Alert, AlertChange, Group, Ledger
from monitoring.alerts.states import WAIT
from monitoring.alerts.taking import alerts_expire, alerts_take
from monitoring.alerts.tasks import tell
from tests.conftest import NOW
from tests.incidents.killing import killed_at_each_write
from tests.monitoring.alerts.make import word
from tests.properties import tried

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
told = st.tuples(
    st.sampled_from("abc"),
    st.integers(0, 30),
    st.booleans(),
    st.sampled_from([None, None, 3, 50]),
    st.sampled_from(["Disk", "Queue"]),
)


def said(fingerprint, minutes=0, firing=True, lasts=None, name="Disk", source="inbound:3"):
    at = NOW + timedelta(minutes=minutes)
    expires = at + timedelta(minutes=lasts) if lasts else None
    return Said(
        source,
        fingerprint,
        firing,
        f"{name} at {minutes}",
        at,
        labels={"alertname": name},
        expires_at=expires,
    )


def state():
    alerts = Alert.objects.values_list(
        "fingerprint",
        "state",
        "starts_at",
        "ends_at",
        "last_seen_at",
        "count",
        "title",
        "group__key",
        "turns",
        "turned_at",
        "off_at",
    )
    changes = AlertChange.objects.values_list("alert__fingerprint", "kind", "at")
    groups = Group.objects.values_list("key", "title", "look_at", "closed_at", "told_at")
    ledgers = Ledger.objects.values_list("fingerprint", "words", "past", "sealed_at")
    return [sorted(map(str, rows)) for rows in (alerts, changes, groups, ledgers)]


def outcome(before, words, size):
    """What is left of words in batches, after some that were told of."""
    with transaction.atomic():
        for one in before:
            alerts_take([said(*one)], now=LATER)
        tell(LATER + WAIT)
        for start in range(0, len(words), size):
            alerts_take([said(*one) for one in words[start : start + size]], now=LATER + WAIT)
        found = state()
        transaction.set_rollback(True)
    return found


@tried
@given(st.lists(told, max_size=6), st.lists(told, max_size=12), st.integers(2, 12))
def test_it_makes_of_many_what_it_makes_of_each(before, words, size):
    assert outcome(before, words, size) == outcome(before, words, 1)


def test_it_ends_the_same_wherever_it_is_killed():
    word(), word(fingerprint="b", expires_at=NOW + timedelta(minutes=1))
    words = [said("a", 2, firing=False), said("b", 3), said("c"), said("c", 1, firing=False), said("d")]
    whole = outcome([], [], 1)
    with transaction.atomic():
        alerts_take(words, now=LATER)
        whole = state()
        transaction.set_rollback(True)

    def right():
        assert state() == whole

    assert killed_at_each_write(lambda: alerts_take(words, now=LATER), right) >= 5


def statements(count, **fields):
    words = [said(f"{count}-{n}", **fields) for n in range(count)]
    with CaptureQueriesContext(connection) as asked:
        alerts_take(words, now=LATER)
    return [
        query["sql"] for query in asked if query["sql"].startswith(("SELECT", "UPDATE", "INSERT", "DELETE"))
    ]


def test_it_takes_as_many_statements_for_many():
    few, many = statements(2), statements(40)
    assert len(many) <= len(few) + 2  # what SQLite takes at once has its limit


def test_it_ends_many_that_expire_together():
    alerts_take([said(str(n), lasts=5, source=f"inbound:{n % 3}") for n in range(30)], now=NOW)
    assert alerts_expire(now=LATER) == 30
    assert not Alert.objects.firing().exists()
