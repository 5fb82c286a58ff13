"""The draft that writes itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from incidents.postmortems.draft import facts_of
from incidents.postmortems.models import Postmortem
from incidents.postmortems.services import postmortem_create, postmortem_publish
from incidents.postmortems.tasks import create_missing
from incidents.response.services import incident_impact_set, incident_resolve
from incidents.response.tasks import pages_settle
from incidents.response.timeline import plain
from opsconsole.accounts.roles import SYSTEM
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db


def test_it_is_made_for_what_must_have_one(resolved, now):
    assert create_missing(now) == 1
    found = Postmortem.objects.get()
    assert (found.incident, found.required) == (resolved, True)
    assert found.due_at == resolved.resolved_at + timedelta(hours=48)


def test_it_is_made_once(resolved, now):
    create_missing(now)
    assert create_missing(now) == 0
    assert Postmortem.objects.count() == 1


@pytest.mark.parametrize("fields", [{"severity": 2}, {"severity": 0, "is_drill": True}])
def test_it_is_not_made_for_others(responder, now, fields):
    incident_resolve(actor=responder, incident=make.incident(**fields), now=now)
    assert create_missing(now) == 0


def test_it_waits_for_the_resolution(now):
    incident = make.incident(severity=0)
    assert create_missing(now) == 0
    with pytest.raises(ValidationError, match="not resolved yet"):
        postmortem_create(actor=SYSTEM, incident=incident, now=now)


def test_it_can_be_made_for_any_by_hand(responder, now):
    incident = make.incident(severity=3)
    incident_resolve(actor=responder, incident=incident, now=now)
    assert not postmortem_create(actor=responder, incident=incident, now=now).required


def test_it_follows_a_start_that_was_set_back_while_nobody_has_written(postmortem, responder, now):
    start = postmortem.incident.detected_at - timedelta(hours=2)
    incident_impact_set(actor=responder, incident=postmortem.incident, start=start, now=now)
    assert (create_missing(now), create_missing(now)) == (1, 0)
    postmortem.refresh_from_db()
    assert "2 h 36 min, on 18 November 2026 from 07:00 to 09:36" in postmortem.summary


def test_it_says_so_on_the_timeline(postmortem):
    told = plain(postmortem.incident.timeline.get(kind="postmortem"))
    assert told == "The postmortem is drafted; it is due 20 Nov 08:36 UTC"


def test_it_begins_with_a_summary(postmortem):
    assert postmortem.summary == (
        "Checkout is down (P1): 36 min, on 18 November 2026 from 09:00 to 09:36 CET."
        " Rafi had it 4 min after the first evidence. It was resolved by Rafi 36 min after it."
    )


def test_it_says_when_nobody_had_it(team, now):
    incident = make.incident()
    incident_resolve(actor=SYSTEM, incident=incident, now=now + timedelta(minutes=3))
    incident.refresh_from_db()
    found = postmortem_create(actor=SYSTEM, incident=incident, now=now)
    assert "Nobody had acknowledged before it was over. It was resolved by the console 3 min" in found.summary


class TestFacts:
    def test_it_has_the_four_times(self, resolved):
        times = {t["short"]: t["seconds"] for t in facts_of(resolved).times}
        assert times == {"TTD": 0, "TTA": 238, "TTM": 2160, "TTR": 2160}

    def test_it_has_who_was_told(self, resolved, now):
        Delivery.objects.update(status="sent", sent_at=now + timedelta(seconds=2))
        pages_settle(now)
        told = facts_of(resolved).told[0]
        assert (told["name"], told["seconds"], told["fate"]) == ("Ops mail", 2, "Delivered")

    def test_it_has_the_timeline_as_text(self, resolved):
        lines = facts_of(resolved).timeline
        assert "Rafi acknowledged" in [line["text"] for line in lines]
        assert "Pool **full**" in [line["body"] for line in lines]

    def test_it_has_what_changed_in_the_two_hours_before(self, resolved, checkout, now):
        payments = make.service("Payments")
        checkout.depends_on.add(payments)
        make.change(payments, at=now - timedelta(minutes=30))
        make.change(make.service("Docs"), at=now - timedelta(minutes=90))
        make.change(make.service("Blog"), at=now - timedelta(hours=3))
        found = [(c["text"], c["needed"]) for c in facts_of(resolved).before]
        assert found == [("Payments: up → down", True), ("Docs: up → down", False)]

    def test_it_has_earlier_incidents_with_what_was_learnt(self, written, responder, checkout, now):
        postmortem_publish(actor=responder, postmortem=written, now=now)
        found = facts_of(make.incident(service=checkout)).similar[0]
        assert (found["name"], found["root_cause"]) == ("INC-001", "connection pool exhausted")

    def test_it_tells_the_next_one_what_it_looks_like(self, written, responder, signed_in, checkout, now):
        postmortem_publish(actor=responder, postmortem=written, now=now)
        make.incident(service=checkout)
        html = signed_in(responder).get("/incidents/INC-002/").content.decode()
        assert "Looks like <a" in html
        assert "connection pool exhausted" in html
