"""The strip: five figures, each with the page of its rows."""

from collections import Counter
from datetime import timedelta

import pytest

from incidents.response.models import Incident
from maintenance.today import figures
from monitoring.catalogue.states import Status
from monitoring.heartbeats.selectors import counts
from opsconsole.outbox.models import Delivery, Topic
from tests.monitoring import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def client_of_viewer(signed_in, viewer):
    return signed_in(viewer)


def said(figure):
    return figure.number, figure.small, figure.tone


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({}, (0, "watched", "")),
        ({Status.UP: 12}, (12, "up", "")),
        ({Status.UP: 11, Status.DEGRADED: 1}, (11, "up · 1 degraded", "look")),
        ({Status.UP: 2, Status.PAUSED: 1}, (2, "up · 1 paused", "")),
        ({Status.UP: 9, Status.DOWN: 2, Status.UNKNOWN: 1}, (9, "up · 2 down · 1 not measured", "bad")),
    ],
)
def test_it_counts_services(states, shown):
    assert said(figures.services(Counter(states))) == shown


def test_it_never_shows_a_limit_as_a_number(now):
    opened = [Incident(severity=3, detected_at=now)] * 51
    found = [figures.incidents(opened[:n], now) for n in (50, 51)]
    assert [(figure.number, figure.more) for figure in found] == [(50, False), (50, True)]


def test_it_leads_to_the_services_that_it_says_are_in_trouble(client_of_viewer):
    make.probe("Shop", service=make.service("Shop"), status=Status.DOWN)
    make.probe("Docs", service=make.service("Docs"), status=Status.UP)
    url = figures.services(Counter({Status.UP: 1, Status.DOWN: 1})).url
    page = client_of_viewer.get(url).text
    assert "1 of 2 services" in page and "services/shop/" in page and "services/docs/" not in page


def test_it_leads_to_the_certificates_that_it_counts(client_of_viewer, now):
    for days in (13, 15):
        make.probe(f"In {days} days", certificate_expires_at=now + timedelta(days=days))
    page = client_of_viewer.get(figures.expiring(now).url).text
    assert "In 13 days" in page and "In 15 days" not in page
    assert "Its certificate ends on" in page


@pytest.mark.parametrize("given", ["expiring=0", "expiring=x", f"expiring={'9' * 40}", "expiring=-1"])
def test_it_bears_any_number_of_days(client_of_viewer, given):
    make.probe("Front page")
    assert client_of_viewer.get(f"/monitoring/probes/?{given}").status_code == 200


def test_it_says_so_when_the_trouble_is_over_by_then(client_of_viewer):
    make.probe("Shop", status=Status.UP)
    page = client_of_viewer.get("/monitoring/services/?status=down&status=nonsense").text
    assert "No service is in that state now" in page


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
