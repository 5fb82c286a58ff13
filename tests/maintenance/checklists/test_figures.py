"""The measures and the watch of this noun."""

from datetime import timedelta

import pytest

from maintenance.checklists.measures import by_machine, on_time
from maintenance.checklists.states import RunStatus, Settled
from maintenance.checklists.watches import unopened
from opsconsole.lib.periods import Period
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def week(now):
    return Period(now, now + 7 * DAY)


@pytest.fixture
def template(team, now):
    return make.template()


def test_it_counts_what_was_signed_in_time(template, week, now):
    make.run(template, now, status=RunStatus.SIGNED, signed_at=now + timedelta(hours=2))
    make.run(template, now + DAY, status=RunStatus.SIGNED, signed_at=now + DAY + timedelta(hours=3))
    make.run(template, now + 2 * DAY, status=RunStatus.MISSED)
    make.run(template, now + 3 * DAY)
    reading = on_time(week)
    assert reading.n == 3
    assert reading.value == pytest.approx(100 / 3)


def test_it_counts_each_run_in_one_period_only(template, week, now):
    make.run(template, week.end, status=RunStatus.MISSED)
    assert on_time(week).value is None


def test_it_counts_what_needed_nobody(template, week, now):
    run = make.run(template, now, status=RunStatus.SIGNED, signed_at=now)
    for _ in range(3):
        make.found(run)
    make.found(run, Verdict.LOOK, settled=Settled.NOTED)
    assert (by_machine(week).value, by_machine(week).n) == (75, 4)


def test_it_links_to_its_very_runs(template, week, now, signed_in, viewer):
    make.found(make.run(template, now, status=RunStatus.SIGNED, signed_at=now + DAY))
    make.run(template, now + DAY, status=RunStatus.MISSED)
    make.run(template, now + 2 * DAY)
    for figure, count in ((on_time, 2), (by_machine, 1)):
        page = signed_in(viewer).get(figure(week).evidence_url).context
        assert (page["count"], len(page["page"].rows)) == (count, count)
    assert (page["page"].rows[0].alone, page["page"].rows[0].asked) == (1, 1)


def test_it_says_what_is_wrong_with_an_address(signed_in, viewer):
    assert b"notice bad" in signed_in(viewer).get("/maintenance/checklists/runs/?at=never").content


def test_it_knows_nothing_without_runs(week, db):
    assert (on_time(week).value, by_machine(week).value) == (None, None)


def test_it_watches_for_what_should_have_been_opened(template, now):
    assert unopened(now + timedelta(minutes=4)).count == 0
    late = unopened(now + timedelta(minutes=5))
    assert (late.count, late.oldest) == (1, now)
