"""The strip: five figures, each with the page of its rows."""

from collections import Counter
from datetime import timedelta

import pytest

from maintenance.today import figures
from monitoring.catalogue.states import Status
from monitoring.heartbeats.selectors import counts
from opsconsole.outbox.models import Delivery, Topic
from tests.monitoring import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def said(figure):
    return figure.number, figure.small, figure.tone


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({}, (0, "watched", "")),
        ({Status.UP: 12}, (12, "up", "")),
        ({Status.UP: 11, Status.DEGRADED: 1}, (11, "up · 1 slow", "look")),
        ({Status.UP: 9, Status.DOWN: 2, Status.UNKNOWN: 1}, (9, "up · 2 down · 1 not measured", "bad")),
    ],
)
def test_it_counts_services(states, shown):
    assert said(figures.services(Counter(states))) == shown


def test_it_counts_jobs_that_are_late(team, now):
    make.heartbeat("One", status=Status.UP, expected_at=now + timedelta(hours=1))
    make.heartbeat("Two", status=Status.UP, expected_at=now - timedelta(minutes=1))
    assert said(figures.late_jobs(counts(now))) == (1, "of 2", "look")
    make.heartbeat("Three", status=Status.DOWN)
    assert said(figures.late_jobs(counts(now))) == (2, "of 3", "bad")


def test_it_counts_messages_that_did_not_get_out(team, now, frozen):
    assert said(figures.undelivered(now)) == (0, "messages", "")
    Delivery.objects.create(event="a", recipient="a@example.com", topic=Topic.REPORTS, content={}, due_at=now)
    frozen.shift(timedelta(minutes=6))
    assert said(figures.undelivered(now + timedelta(minutes=6))) == (1, "message", "bad")


def test_it_does_not_show_nought_for_what_could_not_be_read(team, now, monkeypatch):
    monkeypatch.setattr("opsconsole.outbox.measures.undelivered_in", lambda *_: 1 / 0)
    assert said(figures.undelivered(now)) == (None, "not read", "unknown")


def test_it_counts_certificates_that_expire_within_two_weeks(team, now):
    for days in (13, 15):
        make.probe(f"In {days} days", certificate_expires_at=now + timedelta(days=days))
    make.probe("Paused", certificate_expires_at=now, is_paused=True)
    assert said(figures.expiring(now)) == (1, "certificate", "look")
