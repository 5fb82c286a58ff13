"""Records are corrected later: the note says so, the frozen figures stay."""

from datetime import timedelta

import pytest

from maintenance.reports import services, tasks
from maintenance.reports.drift import drifted
from maintenance.reports.models import WeeklyReport
from opsconsole.accounts.models import Team
from opsconsole.measures.registry import Fold
from opsconsole.measures.selectors import Judged
from opsconsole.measures.verdicts import Reading, Verdict
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.maintenance.reports.make import figure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare")]
LATER = MONDAY + timedelta(hours=7)


@pytest.fixture
def published(headline):
    values = [99.95]
    headline("acme.up", lambda period: values[-1], title="Uptime", unit="%", digits=2)
    services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
    return values


def report():
    return WeeklyReport.objects.get()


def test_it_finds_nothing_while_the_records_stand(published):
    tasks.recompute(LATER)
    assert (report().recomputed, report().recomputed_at) == ([], LATER)


def test_it_notes_what_would_differ_and_leaves_the_report_alone(published):
    frozen = report().data
    published.append(99.80)
    tasks.recompute(LATER)
    assert report().recomputed == [{"slug": "acme.up", "title": "Uptime", "was": "99.95 %", "now": "99.80 %"}]
    assert report().data == frozen


def test_it_forgets_the_note_when_the_records_agree_again(published):
    published.append(99.80)
    tasks.recompute(LATER)
    published.append(99.95)
    tasks.recompute(LATER + timedelta(hours=7))
    assert report().recomputed == []


def test_it_looks_at_most_every_six_hours(published):
    assert tasks.recompute(MONDAY + timedelta(hours=5)) == 0
    assert tasks.recompute(LATER) == 1
    assert tasks.recompute(LATER + timedelta(minutes=30)) == 0


def test_it_shows_the_note_beside_the_figures(published, signed_in, viewer, frozen):
    published.append(99.80)
    tasks.recompute(LATER)
    page = signed_in(viewer).get(f"/reports/weekly/{WEEK}/").content.decode()
    assert "Uptime would be 99.80 % (here 99.95 %)" in page


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (99.951, {}),  # it would not show
        (None, {}),  # the rows are gone
        (50.0, {"version": 2}),  # another method
        (50.0, {"fold": Fold.LAST}),  # of that moment
    ],
)
def test_it_compares_only_what_can_be_compared(define, value, fields):
    measure = define("acme.uptime", lambda period: value, unit="%", digits=2, **fields)
    judged = Judged(measure, Reading(value), Verdict.OK)
    then = figure("Uptime", 99.95, of_moment=measure.fold is Fold.LAST)
    assert drifted([then], [judged]) == []


def test_it_compares_the_very_span_that_was_reported_when_the_team_has_moved(headline):
    """Seven days of another zone are other days: nothing was corrected."""
    headline("acme.begins", lambda period: float(period.start.hour), title="Begins", unit="h")
    services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
    Team.objects.update(time_zone="Asia/Tokyo")
    tasks.recompute(LATER)
    assert (report().recomputed, report().recomputed_at) == ([], LATER)
