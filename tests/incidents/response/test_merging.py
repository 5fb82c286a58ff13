"""Two incidents that are one."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError

from incidents.response import services, writing
from incidents.response.selectors import root_of
from incidents.response.states import Status
from incidents.response.timeline import plain
from tests.incidents import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(responder, now):
    first = make.incident("Payments is down", severity=2, service=make.service("Payments"))
    return first, make.incident(severity=1, service=make.service("Checkout"), now=now + timedelta(minutes=3))


def merge(responder, pair, now):
    first, second = pair
    done = services.incident_merge(actor=responder, incident=second, into=first, now=now)
    first.refresh_from_db(), second.refresh_from_db()
    return done


def test_it_becomes_part_of_the_other(responder, pair, now):
    assert merge(responder, pair, now).sentence == "INC-002 is part of INC-001 now."
    assert (pair[1].status, root_of(pair[1])) == (Status.MERGED, pair[0])


def test_it_stands_on_both_timelines(responder, pair, now):
    merge(responder, pair, now)
    assert plain(pair[1].timeline.get(kind="merged")) == "Rafi merged it into INC-001"
    assert plain(pair[0].timeline.get(kind="absorbed")) == "Rafi merged INC-002 into this: Checkout is down"


def test_it_brings_its_services_and_its_severity(responder, pair, now):
    merge(responder, pair, now)
    assert {s.name for s in pair[0].affected.all()} == {"Payments", "Checkout"}
    assert pair[0].severity == 1


def test_it_hurts_as_long_as_either_does(responder, pair, now):
    """The first was up again, the second is not: together they are not over."""
    services.incident_acknowledge(actor=responder, incident=pair[0], now=now)
    services.incident_mitigate(actor=responder, incident=pair[0], now=now + timedelta(minutes=2))
    merge(responder, pair, now)
    assert pair[0].mitigated_at is None


def test_it_stays_over_where_both_were(responder, pair, now):
    for minutes, incident in enumerate(pair, 4):
        over = now + timedelta(minutes=minutes)
        services.incident_mitigate(actor=responder, incident=incident, now=over)
    merge(responder, pair, now)
    assert pair[0].mitigated_at == over


def test_it_refuses_itself(responder, pair, now):
    with pytest.raises(ValidationError, match="another incident"):
        services.incident_merge(actor=responder, incident=pair[0], into=pair[0], now=now)


@pytest.mark.parametrize("order", [1, -1])
def test_it_keeps_drills_and_real_incidents_apart(responder, pair, now, order):
    drill = make.incident("A drill", is_drill=True)
    with pytest.raises(ValidationError, match="stay apart"):
        merge(responder, (pair[0], drill)[::order], now)


def test_it_refuses_what_is_over(responder, pair, now):
    services.incident_resolve(actor=responder, incident=pair[0], now=now)
    with pytest.raises(ValidationError, match="not resolved"):
        merge(responder, pair, now)


def test_it_takes_notes_for_the_other(responder, pair, now):
    merge(responder, pair, now)
    services.incident_note(actor=responder, incident=pair[1], text="Seen here too", now=now)
    assert pair[0].timeline.filter(kind="note").exists()


def test_it_holds_the_other_alone_while_it_takes_a_note(responder, pair, now, monkeypatch):
    """Two rows held in another order than a merge takes them could wait for each other."""
    merge(responder, pair, now)
    lock = Mock(side_effect=writing.locked)
    monkeypatch.setattr(services, "locked", lock)
    services.incident_note(actor=responder, incident=pair[1], text="Seen here too", now=now)
    assert [call.args[0].pk for call in lock.call_args_list] == [pair[0].pk]


def test_it_says_where_it_went(responder, pair, now):
    merge(responder, pair, now)
    done = services.incident_acknowledge(actor=responder, incident=pair[1], now=now)
    assert done.sentence == "It was merged into INC-001; work there."
