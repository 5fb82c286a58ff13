"""Two people, or two processes, at the same moment."""

import pytest

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_resolve
from incidents.response.tasks import changes_consume, clocks_sweep
from opsconsole.accounts.roles import Role
from opsconsole.outbox.models import Delivery
from tests import make as make_people
from tests.conftest import NOW
from tests.incidents import make
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("act", [incident_acknowledge, incident_resolve])
def test_it_makes_one_transition(act):
    people = [make_people.user(name, Role.RESPONDER) for name in ("Ana", "Ben", "Cleo")]
    incident = make.incident()
    done = at_once(*[lambda who=who: act(actor=who, incident=incident, now=NOW) for who in people])
    assert sorted(d.changed for d in done) == [False, False, True]
    winner = people[[d.changed for d in done].index(True)]
    assert all(f"by {winner}" in d.sentence for d in done if not d.changed)
    assert incident.timeline.filter(actor__isnull=False).count() == 1


def test_it_gives_out_each_number_once():
    at_once(*[lambda n=n: make.incident(f"Number {n}") for n in range(6)])
    assert sorted(Incident.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_it_opens_one_incident_for_one_cause():
    found = at_once(*[lambda: make.incident(source="backup:3")] * 4)
    assert len(set(found)) == Incident.objects.count() == 1


def test_it_handles_a_change_once(signals):
    make.channel()
    for name in ("Checkout", "Docs"):
        make.change(make.service(name))
    done = at_once(*[lambda: changes_consume(NOW)] * 3)
    assert sum(done) == Incident.objects.count() == Delivery.objects.count() == 2


def test_it_reminds_once():
    make.channel()
    make.incident(severity=0)
    later = NOW.replace(hour=12)
    at_once(*[lambda: clocks_sweep(later)] * 3)
    assert Delivery.objects.filter(event__startswith="incident.overdue").count() == 2
