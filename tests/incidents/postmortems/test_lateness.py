"""A postmortem that is late is said once, and seen in figures, check and watches."""

from datetime import timedelta

import pytest

from incidents.postmortems import services
from incidents.postmortems.tasks import remind
from incidents.postmortems.watches import drafts, reminders
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import checks
from opsconsole.measures.selectors import read
from opsconsole.measures.verdicts import Verdict
from opsconsole.outbox.models import Delivery

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def due(postmortem):
    Delivery.objects.all().delete()
    return postmortem.due_at


def test_it_says_nothing_in_time(due):
    assert remind(due - HOUR) == 0


def test_it_reminds_once_with_what_is_missing(due):
    assert remind(due) == 1
    assert remind(due + HOUR) == 0
    said = Delivery.objects.get()
    assert said.subject == "Postmortem late: Checkout is down · INC-001"
    assert "the root cause" in said.content["text"]
    assert "INC-001/postmortem/" in said.content["html"]


def test_it_says_when_only_publishing_is_left(written, responder, now):
    remind(written.due_at)
    said = Delivery.objects.latest("pk").content
    assert "Still to write: nothing, only to publish" in said["text"]
    assert "Still to write: nothing, only to publish" in said["html"]


def test_it_reminds_of_nothing_published(written, responder, now):
    services.postmortem_publish(actor=responder, postmortem=written, now=now)
    assert remind(written.due_at + HOUR) == 0


def test_it_reminds_again_after_it_was_taken_back_in_time(written, responder, now):
    services.postmortem_publish(actor=responder, postmortem=written, now=now)
    services.postmortem_revise(actor=responder, postmortem=written, now=now)
    assert remind(written.due_at + HOUR) == 1


def test_it_does_not_remind_twice_of_what_was_late_and_is_taken_back(written, responder):
    late = written.due_at + HOUR
    assert remind(late) == 1
    services.postmortem_publish(actor=responder, postmortem=written, now=late)
    services.postmortem_revise(actor=responder, postmortem=written, now=late)
    assert remind(late + HOUR) == 0


def test_it_is_evidence(due):
    assert checks["postmortems.none_overdue"].evidence(due).verdict == Verdict.OK
    late = checks["postmortems.none_overdue"].evidence(due + HOUR)
    assert (late.verdict, late.detail) == (Verdict.BAD, "Late: 1 postmortem.")


@pytest.mark.parametrize(("published", "value"), [(True, 100), (False, 0)])
def test_it_counts_those_in_time(written, responder, now, frozen, published, value):
    if published:
        services.postmortem_publish(actor=responder, postmortem=written, now=now)
    frozen.shift(timedelta(days=3))
    period = Period(now, now + timedelta(days=7))
    assert read("postmortems.in_time", period).reading.value == value
    assert read("postmortems.overdue", period).reading.value == (not published)


def test_it_has_no_share_of_nothing(now):
    assert read("postmortems.in_time", Period(now, now + HOUR)).verdict == Verdict.UNKNOWN


def test_it_watches_drafts_that_are_missing(resolved):
    assert drafts(resolved.resolved_at + timedelta(minutes=10)).count == 0
    assert drafts(resolved.resolved_at + timedelta(minutes=11)).count == 1


def test_it_watches_reminders_that_did_not_go_out(due):
    assert reminders(due + timedelta(minutes=10)).count == 0
    assert reminders(due + timedelta(minutes=11)).count == 1
