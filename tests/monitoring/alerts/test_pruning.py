"""Old alerts go with all that hangs on them; what fires, what was heard of lately and what is open stays."""

from datetime import timedelta

import pytest

from monitoring.alerts import pruning
from monitoring.alerts.ledger import MOST
from monitoring.alerts.models import Alert, AlertChange, Group, Ledger, Line, Notice
from monitoring.alerts.pruning import KEPT_FOR, prune
from monitoring.alerts.states import WAIT
from monitoring.alerts.tasks import forget, tell
from tests.incidents.killing import killed_at_each_write
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ALL = (Alert, AlertChange, Ledger, Group, Notice, Line)


def story(now, fingerprint="a", **fields):
    """It fires, is told, and is over."""
    word(fingerprint=fingerprint, **fields)
    tell(now + WAIT)
    word(firing=False, minutes=1, fingerprint=fingerprint, **fields)
    tell(now + MINUTE)


def left():
    return [model.objects.count() for model in ALL]


def test_it_forgets_what_is_old_and_all_that_hangs_on_it(now):
    story(now)
    assert forget(now + KEPT_FOR) == 0
    assert forget(now + KEPT_FOR + 2 * MINUTE) == 2
    assert left() == [0] * len(ALL)


def test_it_keeps_what_fires_however_long(now):
    word(), tell(now + WAIT)
    assert prune(now=now + 2 * KEPT_FOR) == 0
    assert left() == [1] * len(ALL)


def test_it_keeps_what_ended_lately_by_itself(now):
    word(expires_at=now + KEPT_FOR)
    word(fingerprint="old", firing=False)
    Alert.objects.update(state="resolved", ends_at=now + KEPT_FOR)
    assert prune(now=now + KEPT_FOR + MINUTE) == 1
    assert list(Ledger.objects.values_list("fingerprint", flat=True)) == ["a"]


def test_it_keeps_those_that_a_word_may_change(now):
    story(now)
    later = now + KEPT_FOR + 9 * MINUTE
    word(now=later, at=later)
    assert prune(now=later) == 0
    assert list(Alert.objects.order_by("pk").values_list("state", flat=True)) == ["resolved", "firing"]


def test_it_forgets_what_is_settled_of_a_fingerprint_that_is_spoken_of(now):
    later = now + KEPT_FOR + timedelta(days=2)
    for number in range(MOST + 4):
        word(number % 2 == 0, number * 60)
        tell(now + number * 60 * MINUTE)
    word(now=later, at=later), word(firing=False, now=later + MINUTE, at=later + MINUTE)
    before = Alert.objects.count()
    prune(now=later + MINUTE)
    assert 0 < Alert.objects.count() < before
    word(minutes=90, now=later + 2 * MINUTE)  # said of long ago
    assert not Alert.objects.firing().exists()


def test_it_goes_a_little_at_a_time(now, monkeypatch):
    monkeypatch.setattr(pruning, "_SIZE", 2)
    for number in range(5):
        story(now, str(number), labels={"alertname": str(number)})
    assert prune(now=now + KEPT_FOR + 2 * MINUTE) == 10
    assert left() == [0] * len(ALL)


def test_it_bears_to_be_killed(now):
    story(now), story(now, "b")
    act = lambda: prune(now=now + KEPT_FOR + 2 * MINUTE)  # noqa: E731
    assert (
        killed_at_each_write(act, lambda: None if left() == [0] * len(ALL) else pytest.fail(str(left()))) > 3
    )
