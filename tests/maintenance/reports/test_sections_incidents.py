"""What the report says of incidents."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_assign, incident_resolve
from maintenance.reports.sections import Context, incidents
from opsconsole.accounts.roles import SYSTEM
from tests.incidents import make
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)
TUESDAY = datetime(2026, 11, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_vienna():
    with timezone.override(VIENNA):
        yield


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def happened(title="Checkout is down", severity=1, at=TUESDAY, minutes=18, **fields):
    """An incident that was over after some minutes."""
    found = make.incident(title, severity, at, **fields)
    over = at + timedelta(minutes=minutes)
    incident_resolve(actor=SYSTEM, incident=found, now=over)
    Incident.objects.filter(pk=found.pk).update(mitigated_at=over)
    found.refresh_from_db()
    return found


def test_it_lists_the_worst_first_with_how_long_each_hurt():
    happened("Docs are slow.", severity=3, minutes=300)
    happened(minutes=18.4, service=make.service("Payments"))
    assert said(incidents.happened(CONTEXT)) == [
        "INC-002, P1, 18 min: Checkout is down. Service: Payments.",
        "INC-001, P3, 5 h: Docs are slow.",
    ]


def test_it_links_each_to_its_page():
    happened()
    assert incidents.happened(CONTEXT)[0].url == "/incidents/INC-001/"


def test_it_leaves_out_drills_and_other_weeks():
    happened(is_drill=True)
    happened(at=TUESDAY - timedelta(days=7))
    happened(at=MONDAY)
    assert not incidents.happened(CONTEXT)
    assert not incidents.broken(CONTEXT)


def test_it_sums_up_what_is_beyond_six():
    for _ in range(8):
        happened()
    items = incidents.happened(CONTEXT)
    assert len(items) == 7
    assert said(items)[-1] == "2 more incidents in the week."
    assert items[-1].url.endswith("?of=incidents.impact&from=2026-11-09&to=2026-11-15")


def test_it_counts_only_what_hurt_within_the_week():
    late = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)  # half an hour before the week ends
    happened(at=late, minutes=90)
    (broken,) = incidents.broken(CONTEXT)
    assert (broken.minutes, broken.rank, broken.is_open) == (30, 1, False)


def test_it_tells_of_what_began_before_and_hurt_on():
    happened(at=datetime(2026, 11, 8, 21, tzinfo=UTC), minutes=180)  # until an hour after the week began
    (broken,) = incidents.broken(CONTEXT)
    assert broken.minutes == 60
    assert said(incidents.happened(CONTEXT)) == ["INC-001, P1, 1 h: Checkout is down."]


def test_it_says_who_has_what_is_still_open(responder):
    open_one = make.incident(now=MONDAY - timedelta(hours=12))
    assert said(incidents.still_open(CONTEXT)) == [
        "INC-001, P1, open for 12 h, not acknowledged: Checkout is down."
    ]
    incident_acknowledge(actor=responder, incident=open_one, now=MONDAY)
    open_one.refresh_from_db()
    incident_assign(actor=responder, incident=open_one, to=responder, now=MONDAY)
    assert "Rafi has it" in said(incidents.still_open(CONTEXT))[0]
    assert incidents.broken(CONTEXT)[0].is_open


def test_it_praises_when_all_were_acknowledged_in_time(responder):
    one = make.incident(now=TUESDAY)
    assert incidents.met(CONTEXT) == []
    incident_acknowledge(actor=responder, incident=one, now=TUESDAY + timedelta(minutes=2))
    assert said(incidents.met(CONTEXT)) == ["INC-001 was acknowledged within the target."]


def test_it_asks_for_few_queries(django_assert_max_num_queries):
    for number in range(12):
        happened(f"No. {number}", service=make.service(f"S{number}"))
    with django_assert_max_num_queries(5):
        for part in (incidents.broken, incidents.happened, incidents.met, incidents.still_open):
            part(CONTEXT)
