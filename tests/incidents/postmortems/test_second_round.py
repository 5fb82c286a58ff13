"""An incident that was opened again after its postmortem was drafted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from incidents.postmortems.models import Postmortem
from incidents.postmortems.selectors import late_drafts
from incidents.postmortems.sentences import standing
from incidents.postmortems.services import postmortem_create, postmortem_publish
from incidents.postmortems.states import is_late
from incidents.postmortems.tasks import create_missing, remind
from incidents.response.opening import incident_reopen
from incidents.response.services import incident_merge, incident_resolve, incident_severity_change
from incidents.response.states import Severity
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def second(resolved, postmortem, responder, now):
    """Resolved again five hours after its first resolution."""
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    incident_resolve(actor=responder, incident=resolved, now=now + 5 * HOUR)
    resolved.refresh_from_db()
    return resolved


def test_it_tells_of_the_whole_in_its_draft(second, now):
    create_missing(now + 5 * HOUR)
    assert "5 h" in Postmortem.objects.get().summary


def test_it_is_due_after_the_last_resolution(second, now):
    create_missing(now + 5 * HOUR)
    assert Postmortem.objects.get().due_at == second.resolved_at + 48 * HOUR


def test_it_must_be_written_if_it_became_severe(responder, now):
    incident = make.incident(severity=2)
    incident_resolve(actor=responder, incident=incident, now=now)
    postmortem_create(actor=responder, incident=incident, now=now)
    incident_reopen(actor=responder, incident=incident, now=now + HOUR)
    incident_severity_change(actor=responder, incident=incident, severity=Severity.P0, now=now + HOUR)
    incident_resolve(actor=responder, incident=incident, now=now + 2 * HOUR)
    create_missing(now + 2 * HOUR)
    assert Postmortem.objects.get().required


def test_it_reminds_nobody_while_the_incident_is_open_again(resolved, postmortem, responder, mail, now):
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    remind(now + 60 * HOUR)
    assert not Delivery.objects.filter(event__startswith="postmortem.late").exists()


def test_it_says_on_its_page_that_it_waits(signed_in, resolved, postmortem, responder, now, frozen):
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    text = signed_in(responder).get("/incidents/INC-001/postmortem/").text
    assert "waits, since the incident is open again; 6 of 6 answers are missing" in text


def test_it_is_not_published_before_the_incident_is_over(resolved, written, responder, now):
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    with pytest.raises(ValidationError, match="INC-001 is open again; publish this when it is resolved"):
        postmortem_publish(actor=responder, postmortem=written, now=now + 3 * HOUR)


def test_it_asks_nobody_to_publish_while_it_waits(resolved, written, responder, now):
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    written.incident.refresh_from_db()
    assert standing(written, now).endswith("the incident is open again; everything is answered.")


def test_it_waits_no_longer_when_its_incident_went_into_another(resolved, postmortem, responder, now):
    incident_reopen(actor=responder, incident=resolved, now=now + HOUR)
    incident_merge(actor=responder, incident=resolved, into=make.incident(), now=now + 2 * HOUR)
    postmortem.incident.refresh_from_db()
    assert not postmortem.waits
    late = postmortem.due_at + HOUR
    assert is_late(postmortem, late) and list(late_drafts(late)) == [postmortem]


def test_it_says_of_a_published_one_that_it_is_older(signed_in, resolved, written, responder, now, frozen):
    postmortem_publish(actor=responder, postmortem=written, now=now + HOUR)
    incident_reopen(actor=responder, incident=resolved, now=now + 2 * HOUR)
    assert "opened again since" in signed_in(responder).get("/incidents/INC-001/postmortem/").text
