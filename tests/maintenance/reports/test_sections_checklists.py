"""What the report says of checklists."""

from datetime import UTC, datetime, time, timedelta

import pytest

from maintenance.checklists.models import Template
from maintenance.reports.sections import Context, checklists
from opsconsole.measures import uses
from tests.maintenance import make
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)
TUESDAY = datetime(2026, 11, 10, 8, tzinfo=UTC)


def signed(days=0, **fields):
    at = TUESDAY + timedelta(days=days)
    make.run(
        Template.objects.first() or make.template(),
        at,
        status="signed",
        signed_at=at + timedelta(minutes=5),
        **fields,
    )


def missed(days=0):
    at = TUESDAY + timedelta(days=days)
    make.run(
        Template.objects.first() or make.template(), at, status="missed", missed_at=at + timedelta(hours=2)
    )


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def test_it_praises_a_week_in_which_all_were_signed_off():
    for days in range(3):
        signed(days)
    assert said(checklists.kept(CONTEXT)) == ["All 3 checklists were signed off in time."]


def test_it_praises_no_week_with_a_late_or_a_missed_one():
    signed()
    missed(1)
    assert checklists.kept(CONTEXT) == []


def test_it_says_nothing_when_there_was_nothing():
    assert checklists.kept(CONTEXT) == checklists.missed(CONTEXT) == checklists.due(CONTEXT) == []


def test_it_names_what_was_missed_with_its_days():
    missed()
    missed(2)
    missed(7)  # next week
    found = checklists.missed(CONTEXT)
    assert said(found) == ["Morning was missed 2 times: Tuesday, Thursday."]
    assert found[0].url.startswith("/maintenance/checklists/runs/")


def test_it_counts_what_is_due_next_week():
    make.template("Monthly", wall=time(8, 30), weekdays=[0], ordinal=3, next_at=None)  # Monday 16 November
    make.template("Evening", wall=time(17), next_at=None)
    make.template("Asleep", is_active=False, next_at=None)
    assert said(checklists.due(CONTEXT)) == ["8 checklists are due, the first Monthly, Monday 08:30."]


def test_it_is_named_on_the_page_of_a_figure():
    template = make.template()
    make.item(template, kind="measure", binding="acme.up")
    make.item(template, kind="check", binding="acme.down")
    assert [use.title for use in uses.of("acme.up")] == ["Morning"]
    assert uses.of("acme.down") == []
