"""What people do with an incident."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.response import opening, services
from incidents.response.states import Severity, Status, clocks
from incidents.response.tasks import clocks_sweep
from incidents.response.timeline import plain
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(responder):
    return make.incident()


@pytest.fixture
def later(now):
    return now + timedelta(minutes=4)


def fresh(incident):
    incident.refresh_from_db()
    return incident


def test_it_is_whose_who_acknowledges(incident, responder, later):
    services.incident_acknowledge(actor=responder, incident=incident, now=later)
    assert (fresh(incident).status, incident.assignee) == (Status.ACKNOWLEDGED, responder)
    assert (incident.acknowledged_at, incident.acknowledged_by) == (later, responder)


def test_it_is_given_only_to_somebody_who_may_work_on_it(incident, manager, viewer, later):
    with pytest.raises(ValidationError, match="Vera may not work"):
        services.incident_assign(actor=manager, incident=incident, to=viewer, now=later)


def test_it_keeps_the_assignee_when_another_acknowledges(incident, responder, manager, later):
    services.incident_assign(actor=manager, incident=incident, to=responder, now=later)
    services.incident_acknowledge(actor=manager, incident=incident, now=later)
    assert fresh(incident).assignee == responder


def test_it_tells_the_second_who_was_first(incident, responder, manager, later):
    services.incident_acknowledge(actor=responder, incident=incident, now=later)
    done = services.incident_acknowledge(actor=manager, incident=incident, now=later + timedelta(minutes=1))
    assert (done.changed, done.sentence) == (False, "Already acknowledged by Rafi at 08:04 UTC.")


def test_it_resolves_once(incident, responder, later):
    services.incident_resolve(actor=responder, incident=incident, now=later)
    done = services.incident_resolve(actor=responder, incident=incident, now=later + timedelta(minutes=1))
    assert done.sentence == "Already resolved by Rafi at 08:04 UTC."
    assert fresh(incident).resolved_at == later


def test_it_counts_who_resolves_as_the_first_human(incident, responder, later):
    services.incident_resolve(actor=responder, incident=incident, now=later)
    assert fresh(incident).acknowledged_at == later
    assert not incident.resolved_by_machine


def test_it_keeps_the_note_of_the_resolution(incident, responder, later):
    services.incident_resolve(actor=responder, incident=incident, now=later, note="Rolled back.")
    assert incident.timeline.get(kind="note").body == "Rolled back."


def test_it_starts_anew_when_reopened(incident, responder, later):
    services.incident_resolve(actor=responder, incident=incident, now=later)
    opening.incident_reopen(actor=responder, incident=incident, now=later + timedelta(hours=2))
    assert (fresh(incident).status, incident.resolved_at, incident.acknowledged_at) == (
        Status.OPEN,
        None,
        None,
    )
    assert incident.acknowledge_due_at == later + timedelta(hours=3)


def test_it_refuses_to_reopen_beside_another(responder, now):
    first = make.incident(source="backup:3")
    services.incident_resolve(actor=responder, incident=first, now=now)
    make.incident(source="backup:3")
    with pytest.raises(ValidationError, match="INC-002 is open for the same thing"):
        opening.incident_reopen(actor=responder, incident=first, now=now)


def test_it_takes_a_note_as_an_update(incident, responder, later):
    services.incident_note(actor=responder, incident=incident, text="Looking at the pool", now=later)
    assert fresh(incident).update_due_at == later + timedelta(hours=1)


def test_it_refuses_an_empty_note(incident, responder, later):
    with pytest.raises(ValidationError, match="Write what you saw or tried"):
        services.incident_note(actor=responder, incident=incident, text=" ", now=later)


def test_it_tells_everybody_when_it_gets_worse(incident, responder, mail, later):
    services.incident_severity_change(actor=responder, incident=incident, severity=Severity.P0, now=later)
    assert Delivery.objects.get().subject == "Now P0: Checkout is down · INC-001"
    assert fresh(incident).acknowledge_due_at == later + timedelta(minutes=5)


def test_it_keeps_the_earlier_promise_when_it_gets_worse(incident, responder, now):
    due = incident.acknowledge_due_at
    late = due - timedelta(minutes=1)
    services.incident_severity_change(actor=responder, incident=incident, severity=Severity.P0, now=late)
    assert fresh(incident).acknowledge_due_at == due


def test_it_calls_nobody_late_by_a_target_that_was_not_there(mail, responder, now):
    incident = make.incident(severity=3)
    services.incident_acknowledge(actor=responder, incident=incident, now=now + timedelta(hours=2))
    late = now + timedelta(hours=3)
    services.incident_severity_change(actor=responder, incident=incident, severity=Severity.P1, now=late)
    clocks_sweep(late + timedelta(minutes=1))
    assert not incident.timeline.filter(kind="clock").exists()
    assert not any(clock.is_late(late) for clock in clocks(fresh(incident)))


def test_it_tells_nobody_when_it_gets_better(incident, responder, mail, later):
    services.incident_severity_change(actor=responder, incident=incident, severity=Severity.P3, now=later)
    assert not Delivery.objects.exists()
    assert plain(incident.timeline.get(kind="severity")) == "Rafi changed it from P1 to P3"


def test_it_says_since_when_the_impact_is_over(incident, responder, later):
    services.incident_mitigate(actor=responder, incident=incident, now=later)
    assert fresh(incident).mitigated_at == later
    assert not services.incident_mitigate(actor=responder, incident=incident, now=later).changed


def test_it_sets_the_impact_back_and_keeps_the_old_value(incident, responder, now, later):
    start = now - timedelta(minutes=10)
    services.incident_impact_set(actor=responder, incident=incident, start=start, now=later)
    assert fresh(incident).impact_start == start
    assert plain(incident.timeline.get(kind="impact")).endswith("from 18 Nov 08:00 UTC to 18 Nov 07:50 UTC")


def test_it_refuses_an_impact_after_its_detection(incident, responder, later):
    with pytest.raises(ValidationError, match="cannot begin after"):
        services.incident_impact_set(actor=responder, incident=incident, start=later, now=later)


def test_it_refuses_an_impact_long_before_its_detection(incident, responder, now):
    with pytest.raises(ValidationError, match="Look at the date"):
        services.incident_impact_set(
            actor=responder, incident=incident, start=now.replace(year=1976), now=now
        )


@pytest.mark.parametrize(
    "act",
    [
        services.incident_acknowledge,
        services.incident_resolve,
        services.incident_mitigate,
        opening.incident_reopen,
    ],
)
def test_it_lets_no_viewer_act(incident, viewer, later, act):
    with pytest.raises(PermissionDenied, match="needs the role responder"):
        act(actor=viewer, incident=incident, now=later)


def test_it_writes_history_in_the_name_of_then(incident, responder, later):
    services.incident_acknowledge(actor=responder, incident=incident, now=later)
    responder.name = "Somebody else"
    responder.save()
    assert plain(incident.timeline.get(kind="acknowledged")) == "Rafi acknowledged"
