"""Resolved by a person while it still hurt: it says so, and the hurt ends only when everything is up."""

from datetime import timedelta

import pytest

from incidents.postmortems.models import Postmortem
from incidents.postmortems.tasks import create_missing
from incidents.response import opening, services
from incidents.response.models import Incident
from incidents.response.sentences import resolved, standing
from incidents.response.services import incident_acknowledge, incident_resolve
from incidents.response.states import Status, phases
from incidents.response.tasks import changes_consume
from incidents.response.timeline import plain
from monitoring.catalogue import states as watched
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP


@pytest.fixture
def change(signals, checkout, mail, now):
    """`change(DOWN, 0)`: the service is found so at a minute, and the change is consumed at once."""

    def tell(state, minute):
        at = now + timedelta(minutes=minute)
        signals.set(checkout, state)
        make.change(checkout, state, UP if state == DOWN else DOWN, at=at)
        changes_consume(at)
        return Incident.objects.latest("number")

    return tell


@pytest.fixture
def left(change, responder, now):
    """Down at 0, in hand at 2, resolved at 5 while it is down."""
    incident = change(DOWN, 0)
    incident_acknowledge(actor=responder, incident=incident, now=now + timedelta(minutes=2))
    done = incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=5))
    assert done.sentence == "INC-001 is resolved, though Checkout is not up yet."
    create_missing(now + timedelta(minutes=5))
    return incident


def test_it_ends_the_hurt_when_everything_is_up(left, change, now):
    incident = change(UP, 12)
    assert (incident.status, incident.mitigated_at) == (Status.RESOLVED, now + timedelta(minutes=12))
    assert incident.resolved_at == now + timedelta(minutes=5)
    assert [plain(e) for e in incident.timeline.all()][-2:] == [
        "Checkout: down → up",
        "Everything is up again",
    ]


def test_it_says_so_on_the_page(left, change, now):
    incident = change(UP, 12)
    said = standing(incident, now + timedelta(minutes=20))
    assert said == "Resolved by Rafi at 08:05 UTC, after 5 min. It was up again only at 08:12 UTC."
    assert [p.end for p in phases(incident)][1:3] == [incident.resolved_at] * 2


def test_it_tells_who_was_told_of_the_failure(left, change):
    change(UP, 12)
    message = Delivery.objects.latest("pk")
    assert message.subject == "Up again: Checkout is down · INC-001"
    assert "INC-001 had been resolved before" in message.content["text"]


def test_it_corrects_a_draft_that_nobody_has_touched(left, change, now):
    change(UP, 12)
    assert create_missing(now + timedelta(minutes=12)) == 1
    assert "Checkout is down (P1): 12 min," in Postmortem.objects.get().summary
    assert create_missing(now + timedelta(minutes=13)) == 0


def test_it_leaves_what_somebody_wrote(left, change, now):
    Postmortem.objects.update(saved_at=now, summary="Ours")
    change(UP, 12)
    create_missing(now + timedelta(minutes=12))
    assert Postmortem.objects.get().summary == "Ours"


def test_it_leaves_an_incident_alone_that_was_resolved_while_all_was_up(change, checkout, responder, now):
    incident, over = make.incident(service=checkout), now + timedelta(minutes=5)
    incident_resolve(actor=responder, incident=incident, now=over)
    change(UP, 12)
    incident.refresh_from_db()
    assert incident.mitigated_at == over


def test_it_leaves_an_incident_alone_whose_hurt_had_ended(change, responder, now):
    incident = change(DOWN, 0)
    incident_acknowledge(actor=responder, incident=incident, now=now)
    change(UP, 3)
    incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=5))
    assert change(UP, 12).mitigated_at == now + timedelta(minutes=3)


@pytest.mark.parametrize("act", ["open", "resolve", "reopen"])
def test_it_has_open_checklists_read_again(left, responder, monkeypatch, now, act):
    other, asked = make.incident("Docs"), list[str]()
    acts = {
        "open": lambda: make.incident("Other"),
        "resolve": lambda: incident_resolve(actor=responder, incident=other, now=now),
        "reopen": lambda: opening.incident_reopen(actor=responder, incident=left, now=now),
    }
    for module in (opening, services):
        monkeypatch.setattr(module, "nudge", asked.append)
    acts[act]()
    assert "checklists.refresh" in asked


def test_it_names_three_that_are_not_up_and_counts_the_others(left):
    said = resolved(left, ["API", "Shop", "Search", "Mail", "Jobs"])
    assert said == "INC-001 is resolved, though API, Shop, Search and 2 more are not up yet."
