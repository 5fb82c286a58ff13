"""A probe or a job that is down and then watches another service: its incident ends, and the other service has one."""

import pytest

from incidents.response.models import Incident
from incidents.response.states import Status
from incidents.response.tasks import changes_consume
from monitoring.catalogue.models import StatusChange
from monitoring.heartbeats.forms import HeartbeatForm
from monitoring.heartbeats.services.heartbeats import heartbeat_update
from monitoring.probes.services import probe_update
from opsconsole.accounts.roles import SYSTEM
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team", "frozen")


def probe_move(status, service, now):
    probe = make.probe(
        "Front", url="https://1.1.1.1/", status=status, status_since=now, last_error="It answered 502."
    )
    make.probe("Cart", status="up", next_at=now)
    yield probe
    yield probe_update(
        actor=SYSTEM, probe=probe, name="Front", config={"url": "https://1.1.1.1/"}, service=service, now=now
    )


def job_move(status, service, now):
    job = make.heartbeat("Backup", status=status, status_reason="Nothing came.", last_ping_at=now)
    make.heartbeat("Other", status="up", last_ping_at=now)
    yield job
    given = dict(HeartbeatForm.of(job).initial, service=service)
    yield heartbeat_update(actor=SYSTEM, heartbeat=job, now=now, **given)


def record(of, new, now):
    StatusChange.objects.create(
        service=of.service, source=of.source, title=of.name, old="up", new=new, at=now, noticed_at=now
    )


@pytest.mark.parametrize("moves", [probe_move, job_move])
def test_it_takes_its_trouble_along(moves, now):
    steps = moves("down", make.service("Accounts"), now)
    record(next(steps), "down", now)
    changes_consume(now)
    next(steps)
    changes_consume(now)
    found = Incident.objects.order_by("number").values_list("service__name", "status")
    assert list(found) == [("Web shop", Status.RESOLVED), ("Accounts", Status.OPEN)]


@pytest.mark.parametrize("moves", [probe_move, job_move])
@pytest.mark.parametrize("status", ["up", "paused"])
def test_it_says_nothing_of_what_is_well_or_paused(moves, status, now):
    list(moves(status, make.service("Accounts"), now))
    assert not StatusChange.objects.exists()
