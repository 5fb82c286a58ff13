"""What the report says of services and certificates."""

from datetime import UTC, datetime, timedelta

import pytest

from maintenance.reports.sections import Context
from maintenance.reports.sections.services import above, below, certificates, slow
from monitoring.catalogue.histories import Slice, histories
from opsconsole.accounts.roles import Role
from tests import make as people
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.monitoring import make

pytestmark = pytest.mark.django_db
CONTEXT = Context(WEEK, VIENNA, MONDAY)
DAY = 86_400.0


@pytest.fixture
def measured(monkeypatch):
    """`measured(service, down=600, slow=0)`: a week in which it was that for so many seconds."""
    slices: list[Slice] = []
    monkeypatch.setattr(histories, "_entries", {"tests": lambda wanted: slices})

    def add(service, *, down=0.0, slow=0.0, share=1.0):
        start = datetime(2026, 11, 8, 23, tzinfo=UTC)
        slices.append(Slice(service.pk, start, 7 * DAY, share * 7 * DAY - down, slow, down))

    return add


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def test_it_praises_a_week_above_all_targets(measured):
    for name in ("Web shop", "Search"):
        measured(make.service(name), down=60)
    assert said(above(CONTEXT)) == ["Both services that were measured stayed above their targets."]
    assert below(CONTEXT) == slow(CONTEXT) == []


def test_it_praises_nothing_that_was_hardly_measured(measured):
    measured(make.service("Web shop"), share=0.3)
    assert above(CONTEXT) == []
    measured(make.service("Search"))
    assert said(above(CONTEXT)) == ["Search stayed above its target."]


def test_it_names_services_below_their_own_targets(measured):
    measured(make.service("Web shop"), down=3120)
    measured(make.service("Wiki", uptime_target=99), down=3120)
    (item,) = below(CONTEXT)
    assert said([item]) == ["Web shop was down for 52 min: 99.48 % up, target 99.9 %."]
    assert item.url == "/monitoring/services/web-shop/"
    assert above(CONTEXT) == []


def test_it_names_slow_services(measured):
    measured(make.service("Search"), slow=0.2 * DAY * 7)
    measured(make.service("Web shop"), slow=600)
    assert said(slow(CONTEXT)) == ["Search was slow for 1 day 9 h."]


def test_it_says_nothing_of_what_was_not_measured(measured):
    make.service()
    assert above(CONTEXT) == below(CONTEXT) == slow(CONTEXT) == []


def test_it_sums_up_what_is_beyond_five(measured):
    for number in range(7):
        measured(make.service(f"S{number}"), down=DAY)
    assert said(below(CONTEXT))[-1] == "2 more services were below their targets too."


def test_it_warns_of_certificates_with_their_owner(db):
    sarah = people.user("Sarah", Role.RESPONDER)
    ends = datetime(2026, 11, 27, 12, tzinfo=UTC)
    make.probe(service=make.service("API", owner=sarah), name="Front", certificate_expires_at=ends)
    make.probe(name="Far", certificate_expires_at=ends + timedelta(days=60))
    make.probe(name="Paused", certificate_expires_at=ends, is_paused=True)
    assert said(certificates(CONTEXT)) == [
        "The certificate of API (Front) ends on Friday 27 November. Owner: Sarah."
    ]


def test_it_says_when_a_certificate_has_ended():
    make.probe(certificate_expires_at=MONDAY - timedelta(days=1))
    assert "has ended on Sunday 15 November. Nobody owns the service." in said(certificates(CONTEXT))[0]
