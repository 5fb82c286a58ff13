"""Acknowledging and escalating from within a message: a button, a reply, a key."""

import pytest

from incidents.response.models import Page
from opsconsole.outbox.acts import respond
from opsconsole.outbox.models import Delivery
from tests.incidents import make
from tests.opsconsole import make as rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def incident(team, mail):
    return make.incident()


def ask(verb, now, **words):
    return respond(verb, Delivery.objects.earliest("pk"), now=now, **words)


def test_it_acknowledges_as_the_person_whom_the_message_reached(incident, responder, now):
    Page.objects.update(user=responder)
    assert ask("acknowledge", now).sentence == "INC-001 is yours."
    incident.refresh_from_db()
    assert incident.acknowledged_by == responder


def test_it_says_who_was_first(incident, responder, now):
    ask("acknowledge", now, name="ana")
    second = ask("acknowledge", now, name="bob")
    assert not second.changed
    assert second.sentence.startswith("Already acknowledged by ana at Ops mail at 09:00")


def test_it_raises_the_severity_by_one(incident, now):
    assert ask("escalate", now).sentence == "INC-001 is P0 now."
    assert ask("escalate", now).sentence == "INC-001 is P0 already; there is nothing above."


def test_it_refuses_whoever_may_not_work_on_incidents(incident, viewer, now):
    Page.objects.update(user=viewer)
    assert "may not work on incidents" in ask("acknowledge", now).sentence


def test_it_refuses_whoever_has_left(incident, responder, now):
    responder.is_active = False
    responder.save()
    Page.objects.update(user=responder)
    assert not ask("acknowledge", now).changed
    incident.refresh_from_db()
    assert incident.status == "open"


def test_it_has_nothing_to_do_for_other_messages(team, mail, now):
    rows.delivery(mail)
    assert ask("acknowledge", now).sentence == "There is nothing to do about this message."
