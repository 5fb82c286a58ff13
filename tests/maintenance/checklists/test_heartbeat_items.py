"""Items that ask for one job by name, such as the three backups of the evening."""

from datetime import timedelta

import pytest

from maintenance.checklists.bindings import find, options
from maintenance.checklists.models import Item
from monitoring.catalogue.states import Status
from opsconsole.measures.verdicts import Verdict
from tests.monitoring import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team", "frozen")]


def ask(now):
    return find(Item(question="Was it backed up?", kind="check", binding="heartbeat:backup-database"), now)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (Status.UP, Verdict.OK),
        (Status.DOWN, Verdict.BAD),
        (Status.UNKNOWN, Verdict.UNKNOWN),
        (Status.PAUSED, Verdict.UNKNOWN),
    ],
)
def test_it_answers_by_the_jobs_state(now, status, verdict):
    make.heartbeat("backup-database", status=status, last_ping_at=now)
    assert ask(now).verdict == verdict


def test_it_says_when_the_job_last_reported_on_the_teams_clock(now):
    make.heartbeat("backup-database", status=Status.UP, last_ping_at=now.replace(hour=1, minute=4))
    found = ask(now)
    assert (found.text, found.detail) == ("18 Nov 02:04 CET", "reported in time")


def test_it_says_why_it_is_down(now):
    make.heartbeat("backup-database", status=Status.DOWN, status_reason="exit status 2")
    assert ask(now).detail == "exit status 2"


def test_it_says_how_to_make_what_is_missing(now):
    found = ask(now)
    assert (found.verdict, found.evidence_url) == (
        Verdict.UNKNOWN,
        "/monitoring/heartbeats/new/?slug=backup-database",
    )
    assert "Add it" in found.detail


def test_it_does_not_know_removed_jobs(now):
    make.heartbeat("backup-database", status=Status.UP, removed_at=now)
    assert ask(now).verdict == Verdict.UNKNOWN


def test_it_is_offered_in_the_form():
    make.heartbeat("Nightly backup")
    assert ("heartbeat:nightly-backup", "Nightly backup") in dict(options())["Single jobs"]


def test_it_asks_to_look_while_a_job_is_late_within_its_grace(now):
    times = {"expected_at": now - timedelta(minutes=20), "due_at": now + timedelta(minutes=40)}
    make.heartbeat("backup-database", status=Status.UP, last_ping_at=now - timedelta(days=1), **times)
    found = ask(now)
    assert (found.verdict, found.detail) == (Verdict.LOOK, "backup-database is 20 min late, within its grace")


def test_it_does_not_believe_a_state_that_nobody_has_judged_in_time(now):
    """The sweep stands still: up is what it was, not what it is."""
    due = now - timedelta(minutes=2)
    make.heartbeat("backup-database", status=Status.UP, last_ping_at=now - timedelta(days=1), due_at=due)
    found = ask(now)
    assert (found.verdict, found.detail) == (
        Verdict.UNKNOWN,
        "Could not verify: the console has not looked at it in time",
    )
