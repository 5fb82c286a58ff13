"""What the report says of postmortems and their actions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.postmortems.models import Action, Postmortem
from maintenance.reports.sections import Context
from maintenance.reports.sections.postmortems import coming, kept, late, slipped
from tests.incidents import make
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)
TUESDAY = datetime(2026, 11, 10, 8, tzinfo=UTC)


@pytest.fixture
def review(db):
    incident = make.resolved(now=TUESDAY)
    Postmortem.objects.filter(incident=incident).delete()
    return Postmortem.objects.create(incident=incident, required=True, due_at=TUESDAY, created_at=TUESDAY)


def action(review, day, title="Test the load", **fields):
    return Action.objects.create(
        postmortem=review, title=title, due_on=date(2026, 11, day), created_at=TUESDAY, **fields
    )


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def test_it_counts_what_was_kept_of_what_was_promised(review):
    action(review, 12, done_at=TUESDAY)
    action(review, 13)
    action(review, 20)
    assert said(kept(CONTEXT)) == ["1 of 2 actions due this week is done."]


def test_it_names_what_slipped(review, responder):
    action(review, 13, owner=responder)
    action(review, 16)
    (item,) = slipped(CONTEXT)
    assert said([item]) == ["Slipped, due on 13 November: Test the load (Rafi)."]
    assert item.url == "/incidents/INC-001/postmortem/"


def test_it_asks_who_writes_a_late_postmortem(review):
    (item,) = late(CONTEXT)
    assert "The postmortem of INC-001 has been due since Tuesday 10 November. Who writes it?" in item.text
    assert (item.url, item.action) == ("/incidents/INC-001/postmortem/", "Open the postmortem")


def test_it_tells_what_falls_due_next_week(review, responder):
    action(review, 17, owner=responder)
    action(review, 24)
    Postmortem.objects.update(due_at=MONDAY)
    assert said(coming(CONTEXT)) == [
        "1 action is due: Test the load (Rafi, Tuesday).",
        "1 postmortem is due.",
    ]


def test_it_tells_only_what_was_known_then(review):
    Postmortem.objects.update(due_at=MONDAY, created_at=MONDAY + timedelta(minutes=1))
    assert coming(CONTEXT) == []


def test_it_says_nothing_when_nothing_was_promised():
    assert kept(CONTEXT) == slipped(CONTEXT) == late(CONTEXT) == coming(CONTEXT) == []
