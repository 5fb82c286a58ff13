"""What is silent because something else fires is told when that is over, and nothing of it is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.inhibitions import inhibition_create, inhibition_remove, inhibition_update
from monitoring.alerts.models import Alert, Inhibition, Notice
from monitoring.alerts.tasks import expire, tell
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.monitoring.alerts.make import word
from tests.properties import tried

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def rule(source="alertname=Database", target="alertname=Slow", equal="", now=NOW, **fields):
    given = {"reason": "Explains it", "source": source, "target": target, "equal": equal, "now": now}
    return inhibition_create(actor=SYSTEM, **(given | fields))


def slow(firing=True, minutes=0.0, **fields):
    return word(firing, minutes, fingerprint="slow", title="Slow", **fields)


def database(firing=True, minutes=0.0, **fields):
    return word(firing, minutes, fingerprint="db", title="Database", **fields)


def at(minutes):
    tell(NOW + minutes * MINUTE)


def told(alert):
    return list(alert.lines.values_list("firing", flat=True))


def test_it_is_silent_while_the_other_fires():
    rule(), database(), slow(), at(1), at(9)
    alert = Alert.objects.get(title="Slow")
    assert (told(alert), str(alert.inhibited_by)) == ([], "Database")
    assert alert.changes.get(kind="hushed").note == "“Database” fires (Explains it)"


def test_it_is_told_when_the_other_is_over():
    rule(), database(), slow(), at(1), database(False, 3), at(3), at(3.1)
    alert = Alert.objects.get(title="Slow")
    assert (told(alert), alert.inhibited_by) == ([True], None)


def test_it_never_is_told_if_it_was_over_before():
    rule(), database(), slow(), at(1), slow(False, 2), database(False, 3), at(3), at(9)
    assert told(Alert.objects.get(title="Slow")) == []


def test_it_is_told_at_once_that_it_is_over_if_it_was_told():
    rule(), slow(), at(1), database(minutes=2), at(3), slow(False, 4), at(4), at(9)
    assert told(Alert.objects.get(title="Slow")) == [True, False]


def test_it_says_nothing_again_of_what_is_silent():
    rule(), slow(), at(1), database(minutes=2), at(3), at(60 * 5)
    assert not Notice.objects.filter(news="again", group__alerts__title="Slow").exists()


@pytest.mark.parametrize("equal", ["host", "host rack"])
def test_it_compares_labels(equal):
    rule(equal=equal)
    database(labels={"host": "a"}), slow(labels={"host": "a"}), at(1)
    assert told(Alert.objects.get(title="Slow")) == ([] if equal == "host" else [True])


def test_it_is_told_when_the_rule_goes():
    row = rule()
    database(), slow(), at(1)
    inhibition_remove(actor=SYSTEM, inhibition=row, now=NOW + 2 * MINUTE), at(2)
    assert told(Alert.objects.get(title="Slow")) == [True]


def test_it_is_told_when_the_rule_is_about_something_else():
    row = rule()
    database(), slow(), at(1)
    (
        inhibition_update(
            actor=SYSTEM, inhibition=row, reason="r", source="a=b", target="c=d", equal="", now=NOW + MINUTE
        ),
        at(2),
    )
    assert told(Alert.objects.get(title="Slow")) == [True]


def test_it_is_told_when_the_other_looks_otherwise():
    rule(source="level=bad"), database(labels={"level": "bad"}), slow(), at(1)
    database(minutes=2, labels={"level": "mild"}), at(7)
    assert told(Alert.objects.get(title="Slow")) == [True]


@pytest.mark.parametrize("wrong", [{"source": "x"}, {"target": "a!=b"}, {"reason": " "}, {"equal": "a b="}, {"equal": " ".join(map("l{}".format, range(11)))}])  # fmt: skip
def test_it_refuses_what_makes_no_sense(wrong):
    with pytest.raises(ValidationError):
        rule(**wrong)
    assert not Inhibition.objects.exists()


steps = st.lists(
    st.tuples(st.sampled_from(["db", "slow", "queue"]), st.booleans(), st.integers(5, 400)), max_size=20
)


@tried
@given(steps, st.sampled_from(["", "host"]))
def test_it_loses_nothing(steps, equal):
    """Whatever fires and ends: once the source is over, what fires was told, and what was told and is over was told to be."""
    with transaction.atomic():
        now = NOW
        rule(equal=equal, target="alertname=~slow|queue", source="alertname=db")
        for name, firing, seconds in [*steps, ("db", False, 60)]:
            now += timedelta(seconds=seconds)
            tell(now)
            word(firing, now=now, at=now, fingerprint=name, title=name, labels={"host": "a"})
        for _ in range(7):  # until what flapped is believed again
            now += 6 * MINUTE
            expire(now), tell(now)
        for alert in Alert.objects.all():
            assert (told(alert)[-1:] == [True]) == alert.is_firing()
            assert not alert.is_silent()
        transaction.set_rollback(True)
