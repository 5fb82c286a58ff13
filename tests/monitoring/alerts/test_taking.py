"""Words become alerts: what is the same joins, what is over ends, and what comes again begins anew."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from monitoring.alerts.models import Alert, AlertChange
from monitoring.alerts.taking import alert_acknowledge, alerts_expire
from monitoring.alerts.tasks import expire
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db


def kinds():
    return list(AlertChange.objects.values_list("kind", flat=True))


def test_it_fires(now):
    alert = word(labels={"job": "db"}, severity=1)
    assert (alert.state, alert.starts_at, alert.count, alert.severity) == ("firing", now, 1, 1)
    assert kinds() == ["fired"]


def test_it_joins_what_fires(now):
    first, second = word(), word(minutes=1, title="Disk is full")
    assert first == second
    assert (second.count, second.title, second.starts_at) == (2, "Disk is full", now)


def test_it_begins_anew_after_the_end(now):
    first = word()
    assert word(firing=False, minutes=1) == first
    assert word(minutes=2) != first
    assert Alert.objects.firing().count() == 1
    assert kinds() == ["fired", "resolved", "fired"]


def test_it_drops_an_end_without_a_beginning():
    assert word(firing=False) is None
    assert not Alert.objects.exists()


def test_it_knows_an_end_that_overtook_its_beginning(now):
    word(firing=False, minutes=1)
    alert = word(now=now + timedelta(minutes=2))
    assert (alert.state, alert.ends_at) == ("resolved", now + timedelta(minutes=1))


def test_it_keeps_what_a_missing_label_is():
    assert word(labels={"a": ""}).labels == {"a": ""}


def test_it_takes_a_moment_in_the_future_for_now(now):
    assert word(minutes=90, now=now).starts_at == now


def test_it_looks_as_the_newest_word_says(now):
    later = now + timedelta(minutes=9)
    word(minutes=5, title="new", now=later)
    assert word(minutes=1, title="old", now=later).title == "new"


def test_it_keeps_sources_apart():
    assert word() != word(source="inbound:4")


def test_it_lets_one_fire_at_the_most(now):
    alert = word()
    alert.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save(force_insert=True)


def test_it_ends_what_was_not_heard_of_again(now):
    word(expires_at=now + timedelta(minutes=5))
    assert expire(now + timedelta(minutes=4)) == 0
    assert expire(now + timedelta(minutes=6)) == 1
    assert Alert.objects.get().ends_at == now + timedelta(minutes=5)


def test_it_puts_the_end_off_when_it_is_heard_of_again(now):
    word(expires_at=now + timedelta(minutes=5))
    word(expires_at=now + timedelta(minutes=9), now=now + timedelta(minutes=4))
    assert alerts_expire(now=now + timedelta(minutes=6)) == 0
    assert Alert.objects.get().count == 1


def test_it_goes_on_when_it_had_expired_and_comes_again(now):
    word(expires_at=now + timedelta(minutes=5))
    expire(now + timedelta(minutes=6))
    word(expires_at=now + timedelta(minutes=12), now=now + timedelta(minutes=7))
    assert Alert.objects.get().state == "firing"


def test_it_notes_an_acknowledgement_once(now):
    word()
    alert_acknowledge(source="inbound:3", fingerprint="a", now=now)
    alert_acknowledge(source="inbound:3", fingerprint="a", now=now)
    assert kinds() == ["fired", "acknowledged"]


def test_it_drops_an_acknowledgement_of_what_does_not_fire(now):
    assert alert_acknowledge(source="inbound:3", fingerprint="a", now=now) is None


def test_it_has_a_title_whatever_comes():
    assert word(title="\n").title == "a"
    assert word(title="a\nb", fingerprint="b").title == "a b"
