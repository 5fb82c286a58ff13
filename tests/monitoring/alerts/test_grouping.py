"""Whatever fires and ends, in whatever order it is heard: each state is told once, and none is lost."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alerts import joining
from monitoring.alerts.groups import due, group_tell
from monitoring.alerts.models import Alert, Group, Line, Notice
from monitoring.alerts.planning import grouping_change
from monitoring.alerts.states import (
    INTERVAL,
    REPEAT,
    STORM_FROM,
    STORM_WAIT,
    WAIT,
    News,
    group_key,
    look_at,
    news,
)
from monitoring.alerts.tasks import expire, tell
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.incidents.make import service
from tests.monitoring.alerts.make import word
from tests.properties import tried

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
steps = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from(["Disk", "Queue"]), st.integers(5, 400)),
    max_size=20,
)


def told(alert):
    return list(alert.lines.values_list("firing", "flaps"))


def change(number, now):
    """One of a few plans, whatever is open meanwhile."""
    by, labels = [("service", ""), ("labels", "alertname"), ("labels", "rack"), ("all", ""), ("each", "")][
        number % 5
    ]
    wait, interval, repeat = number % 3 * MINUTE, (1 + number % 9) * MINUTE, (15 + number * 7) * MINUTE
    grouping_change(actor=SYSTEM, by=by, labels=labels, wait=wait, interval=interval, repeat=repeat, now=now)


def play(steps, changes):
    """Words about three alerts, with the sweep between them, and other plans midway; then all is quiet for long enough."""
    now = NOW
    for turn, (name, firing, title, seconds) in enumerate(steps):
        now += timedelta(seconds=seconds)
        expire(now), tell(now)
        if turn in changes:
            change(changes[turn], now)
        word(firing, now=now, at=now, fingerprint=name, labels={"alertname": title})
    for _ in range(14):
        now += 5 * MINUTE
        expire(now), tell(now)


@settings(tried, max_examples=120)
@given(steps, st.dictionaries(st.integers(0, 19), st.integers(0, 44), max_size=5))
def test_it_tells_each_state_once_and_loses_none(steps, changes):
    """Whatever is changed midway: nothing is told twice in a row, the end never before the beginning, and the last is true."""
    with transaction.atomic():
        play(steps, changes)
        for alert in Alert.objects.all():
            says = told(alert)
            assert all(one != other for one, other in pairwise(says)), says
            assert says[:1] != [(False, False)]
            assert alert.is_firing() == bool(says and says[-1][0])
            assert says or alert.lasted is None or alert.lasted < 12 * MINUTE
        assert not Notice.objects.filter(lines=None).exclude(news=News.AGAIN).exists()
        open_ones = set(Group.objects.filter(closed_at=None))
        assert open_ones == {alert.group for alert in Alert.objects.firing()}
        transaction.set_rollback(True)


def test_it_waits_and_tells_what_belongs_together(now):
    word(), word(fingerprint="b", minutes=0.2)
    assert tell(now + WAIT - timedelta(seconds=1)) == 0
    assert tell(now + WAIT) == 1
    assert Notice.objects.get().lines.count() == 2


def test_it_waits_a_moment_alone_when_very_much_fires(now):
    for number in range(STORM_FROM - 1):
        word(fingerprint=str(number), labels={"alertname": str(number % 3)})
    assert set(Group.objects.values_list("look_at", flat=True)) == {now + WAIT}
    word(fingerprint="one more", labels={"alertname": "0"})
    assert Group.objects.order_by("look_at")[0].look_at == now + STORM_WAIT
    word(fingerprint="later", labels={"alertname": "later"}, minutes=2)
    assert Group.objects.get(key__endswith="later").look_at == now + 2 * MINUTE + WAIT


def test_it_asks_for_the_sweep_when_there_is_something_to_tell(now, monkeypatch):
    asked = []
    monkeypatch.setattr(joining, "nudge", lambda sweep, after: asked.append(after))
    word(), word(fingerprint="b", minutes=0.1)
    assert asked == [WAIT]


def test_it_tells_once_when_two_look(now):
    word()
    pk = due(now + WAIT)[0]
    assert (group_tell(pk=pk, now=now + WAIT), group_tell(pk=pk, now=now + WAIT)) == (True, False)


def test_it_tells_more_after_the_interval(now):
    word(), tell(now + WAIT)
    word(fingerprint="b", minutes=2)
    assert tell(now + WAIT + INTERVAL - timedelta(seconds=1)) == 0
    tell(now + WAIT + INTERVAL)
    assert [n.news for n in Notice.objects.all()] == [News.FIRST, News.MORE]


def test_it_says_again_what_goes_on(now):
    word(), tell(now + WAIT), tell(now + WAIT + REPEAT)
    assert Notice.objects.latest("pk").news == News.AGAIN
    assert Line.objects.count() == 1


def test_it_tells_the_end_at_once_and_closes(now):
    word(), tell(now + WAIT), word(firing=False, minutes=1)
    tell(now + MINUTE)
    assert Notice.objects.latest("pk").news == News.OVER
    assert Group.objects.get().closed_at == now + MINUTE


def test_it_opens_a_new_group_when_it_fires_again(now):
    word(), tell(now + WAIT), word(firing=False, minutes=1), tell(now + MINUTE)
    word(minutes=2)
    assert Group.objects.count() == 2


def test_it_groups_by_service_else_by_source_and_name():
    assert group_key(source="rule:1", title="a", labels={}, service_id=7)[0] == "service:7"
    assert group_key(source="rule:1", title="a", labels={}, service_id=None) == ("rule:1|a", "a")
    assert group_key(source="s", title="a", labels={"alertname": "b"}, service_id=None)[0] == "s|b"


def test_it_groups_what_several_sources_say_of_a_service(now):
    word(service=service()), word(service=service(), source="rule:4", title="Slow")
    assert Group.objects.get().alerts.count() == 2


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ((1, 0, 0), News.FIRST),
        ((1, 0, 1), News.MORE),
        ((0, 1, 1), News.LESS),
        ((0, 1, 0), News.OVER),
        ((0, 0, 1), None),
        ((0, 0, 0), None),
    ],
)
def test_it_knows_what_there_is_to_say(facts, wanted):
    fresh, gone, firing = facts
    assert news(fresh=fresh, gone=gone, firing=firing, told_at=NOW, now=NOW + MINUTE) == wanted


def test_it_never_looks_later_than_it_meant_to():
    assert look_at(told_at=None, due=NOW + MINUTE / 4, firing=True, now=NOW) == NOW + MINUTE / 4
