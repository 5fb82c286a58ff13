"""Fixtures of the postmortems' tests."""

from datetime import timedelta

import pytest

from incidents.postmortems.services import postmortem_create, postmortem_save
from incidents.postmortems.states import QUESTIONS
from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_note, incident_resolve
from opsconsole.accounts.roles import SYSTEM
from tests.incidents import make

ANSWERS = {"summary": "It was down.", "root_cause": "connection pool exhausted"} | {
    question.field: f"About {question.field}." for question in QUESTIONS
}


@pytest.fixture
def resolved(responder, mail, checkout, now):
    """An incident that Rafi acknowledged after 4 minutes and resolved after 36."""
    incident = make.incident(service=checkout, description="answered 502")
    Incident.objects.update(paged_at=now + timedelta(seconds=2))
    incident_acknowledge(actor=responder, incident=incident, now=now + timedelta(minutes=4))
    incident_note(actor=responder, incident=incident, text="Pool **full**", now=now + timedelta(minutes=9))
    incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=36))
    incident.refresh_from_db()
    return incident


@pytest.fixture
def postmortem(resolved, now):
    return postmortem_create(actor=SYSTEM, incident=resolved, now=now + timedelta(minutes=36))


@pytest.fixture
def written(postmortem, responder, now):
    return postmortem_save(actor=responder, postmortem=postmortem, version=1, now=now, **ANSWERS)
