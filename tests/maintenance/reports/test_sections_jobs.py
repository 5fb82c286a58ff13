"""What the report says of jobs."""

from datetime import UTC, datetime, timedelta

import pytest

from maintenance.reports.sections import Context, jobs
from monitoring.heartbeats.models import Run
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.monitoring import make

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)
TUESDAY = datetime(2026, 11, 10, 2, tzinfo=UTC)


@pytest.fixture
def backup(db):
    return make.heartbeat()


def ran(heartbeat, *outcomes):
    """One run a night from Tuesday on."""
    for night, outcome in enumerate(outcomes):
        Run.objects.create(heartbeat=heartbeat, outcome=outcome, finished_at=TUESDAY + timedelta(days=night))


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def test_it_says_that_all_ran(backup):
    ran(backup, "success", "success", "success")
    assert said(jobs.all_ran(CONTEXT)) == ["All 3 runs of jobs succeeded."]
    assert jobs.failed(CONTEXT) == []


def test_it_names_jobs_that_failed_or_stayed_away(backup):
    ran(backup, "fail", "success", "fail", "missed")
    (item,) = jobs.failed(CONTEXT)
    assert said([item]) == ["Nightly backup failed twice and stayed away once, last on Friday at 03:00."]
    assert item.url == f"/monitoring/heartbeats/{backup.pk}/"
    assert jobs.all_ran(CONTEXT) == []


def test_it_leaves_out_other_weeks(backup):
    ran(backup, *["success"] * 6, "fail")  # the last one is next Monday's
    assert jobs.failed(CONTEXT) == []


def test_it_sums_up_what_is_beyond_five():
    for number in range(7):
        ran(make.heartbeat(f"Job {number}"), "fail")
    assert said(jobs.failed(CONTEXT))[-1] == "2 more jobs failed or stayed away."


def test_it_says_nothing_without_jobs():
    assert jobs.failed(CONTEXT) == jobs.all_ran(CONTEXT) == []
