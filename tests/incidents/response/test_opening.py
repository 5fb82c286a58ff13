"""Opening an incident: number, targets, timeline and messages in one transaction."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.response.models import Incident, Page, SeverityPolicy
from incidents.response.states import Severity
from incidents.response.timeline import plain
from opsconsole.outbox.models import Delivery, Topic
from tests.incidents import make

pytestmark = pytest.mark.django_db


def test_it_counts_from_one():
    assert [str(make.incident()), str(make.incident())] == ["INC-001", "INC-002"]


def test_it_leaves_no_hole_when_nothing_was_opened(viewer):
    make.incident()
    with pytest.raises(PermissionDenied):
        make.incident(actor=viewer)
    assert make.incident().number == 2


def test_it_freezes_the_targets(now):
    incident = make.incident(severity=Severity.P0)
    SeverityPolicy.objects.update(acknowledge_minutes=999)
    incident.refresh_from_db()
    assert incident.acknowledge_due_at == now + timedelta(minutes=5)
    assert incident.resolve_due_at == now + timedelta(hours=1)
    assert incident.update_due_at == now + timedelta(minutes=30)


@pytest.mark.parametrize(("severity", "required"), [(0, True), (1, True), (2, False), (3, False)])
def test_it_wants_a_postmortem_for_the_worst(severity, required):
    assert make.incident(severity=severity).postmortem_required is required


def test_it_wants_no_postmortem_of_a_drill():
    assert not make.incident(severity=0, is_drill=True).postmortem_required


def test_it_begins_its_timeline():
    assert plain(make.incident().timeline.get(kind="opened")) == "Opened as P1"


def test_it_says_who_opened_it_and_why(responder):
    incident = make.incident(actor=responder, description="Two customers wrote")
    assert plain(incident.timeline.get(kind="opened")) == "Rafi opened it as P1: Two customers wrote"


def test_it_marks_where_a_long_description_was_cut(responder):
    incident = make.incident(actor=responder, description="why " * 200)
    assert plain(incident.timeline.get(kind="opened")).endswith("why…")


def test_it_tells_each_open_channel_once(mail):
    hook = make.channel("Hook", kind="webhook")
    incident = make.incident()
    assert {d.channel for d in Delivery.objects.all()} == {mail, hook}
    assert {d.event for d in Delivery.objects.all()} == {f"incident.opened:{incident.pk}"}
    assert Page.objects.filter(incident=incident).count() == 2


def test_it_gives_each_page_its_own_link(mail):
    make.channel("Hook", kind="webhook")
    make.incident()
    links = {d.content["data"]["acknowledge_url"] for d in Delivery.objects.all()}
    assert len(links) == 2


def test_it_says_who_was_not_told_and_why(mail):
    make.channel("SMS", is_enabled=False, disabled_reason="wrong number")
    make.channel("Reports only", topics=[Topic.REPORTS])
    told = plain(make.incident().timeline.get(kind="paged"))
    assert told.startswith("Told Ops mail (opened)")
    assert "not SMS: it is closed (wrong number)" in told
    assert "not Reports only: it does not listen to incidents" in told


def test_it_says_when_nobody_could_be_told():
    told = plain(make.incident().timeline.get(kind="paged"))
    assert told == "Nobody was told (opened): no open channel listens to incidents"


def test_it_joins_while_the_same_thing_is_live():
    first = make.incident(source="backup:3")
    again = make.incident("Backup failed again", source="backup:3")
    assert again == first
    assert plain(first.timeline.get(kind="again")).endswith("Backup failed again")


def test_it_raises_the_severity_when_the_second_report_is_worse():
    make.incident(severity=2, source="backup:3")
    assert make.incident(severity=1, source="backup:3").pk == Incident.objects.get(severity=1).pk


def test_it_never_joins_what_has_no_key():
    make.incident()
    make.incident()
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "said"), [({"title": " "}, "few words"), ({"severity": 7}, "P0, P1, P2, P3")]
)
def test_it_refuses_what_says_nothing(fields, said):
    with pytest.raises(ValidationError, match=said):
        make.incident(**fields)
    assert not Incident.objects.exists()


def test_it_cuts_a_title_that_is_too_long():
    assert len(make.incident("x" * 500).title) == 160
