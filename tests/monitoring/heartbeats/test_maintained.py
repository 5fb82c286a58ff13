"""A job of a service under maintenance is in a state of its own: in its bars, on pages, in figures and checks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from maintenance.checklists.plugins import heartbeat as checked
from monitoring.heartbeats.models import Heartbeat
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import checks
from opsconsole.measures.selectors import read
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window

pytestmark = pytest.mark.usefixtures("team", "frozen")
HOUR = timedelta(hours=1)


@pytest.fixture
def late() -> Heartbeat:
    """It should have come an hour ago, when maintenance had begun."""
    heartbeat = make.heartbeat(
        "Backup", status="down", last_outcome="missed", status_since=NOW - HOUR, last_ping_at=NOW - 26 * HOUR,
        status_reason="No report came.", expected_at=NOW - 2 * HOUR,
    )  # fmt: skip
    window(heartbeat.service, starts_at=NOW - 2 * HOUR, hours=4, now=NOW - 3 * HOUR, reason="Upgrade")
    return heartbeat


def page(signed_in, viewer, heartbeat: Heartbeat) -> str:
    return str(signed_in(viewer).get(reverse("heartbeats:detail", args=[heartbeat.pk])).text)


def test_it_shows_in_its_bars_how_long_it_was_maintained(late, signed_in, viewer):
    assert "maintenance, 2 h in all" in page(signed_in, viewer, late)


def test_it_says_on_its_page_until_when_and_why(late, signed_in, viewer):
    said = page(signed_in, viewer, late)
    assert "Backup is under maintenance" in said
    assert "Maintenance until 11:00 CET — by console: Upgrade" in said
    assert "notice bad" not in said


def test_it_is_neither_late_nor_on_time_in_the_list(late, signed_in, viewer):
    make.heartbeat(
        "Import", service=make.service("Docs"), status="up", last_ping_at=NOW, expected_at=NOW + HOUR
    )
    said = signed_in(viewer).get(reverse("heartbeats:list")).text
    assert "The job is on time" in said and "1 under maintenance" in said
    assert said.index("Backup") < said.index("Import")


def test_it_says_in_the_list_that_there_is_nothing_but_maintenance(late, signed_in, viewer):
    assert "The job is under maintenance" in signed_in(viewer).get(reverse("heartbeats:list")).text


def test_it_is_left_out_of_figures_and_checks(late):
    assert read("heartbeats.late", Period(NOW - HOUR, NOW)).reading.is_nothing
    make.heartbeat(
        "Import", service=make.service("Docs"), status="up", last_ping_at=NOW, expected_at=NOW + HOUR
    )
    found = checks["heartbeats.all_on_time"].evidence(NOW)
    assert (found.verdict, found.value, found.detail) == ("ok", "1 of 1", "1 under maintenance")


def test_it_is_not_verified_in_a_checklist(late):
    found = checked("backup", NOW)
    assert (found.verdict, found.detail) == ("unknown", "Could not verify: Backup is under maintenance")


def test_it_is_no_trouble_in_the_navigation(late, signed_in, viewer):
    assert "job late or failed" not in signed_in(viewer).get(reverse("heartbeats:list")).text


def test_it_is_late_when_the_window_is_over(late, frozen, signed_in, viewer):
    frozen.move_to(NOW + 2 * HOUR)
    assert "Backup has not reported" in page(signed_in, viewer, late)
    assert checks["heartbeats.all_on_time"].evidence(NOW + 2 * HOUR).verdict == "bad"


def test_it_stays_paused_whatever_is_planned(late, signed_in, viewer):
    Heartbeat.objects.update(status="paused")
    assert "Backup is paused" in page(signed_in, viewer, late)
