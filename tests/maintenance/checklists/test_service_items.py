"""Items that ask for one service by name."""

import pytest

from maintenance.checklists.bindings import find, options
from maintenance.checklists.models import Item
from monitoring.catalogue.states import Status
from opsconsole.measures.verdicts import Verdict
from tests.monitoring import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def ask(now):
    return find(Item(question="Does the shop answer?", kind="check", binding="service:web-shop"), now)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (Status.UP, Verdict.OK),
        (Status.DEGRADED, Verdict.LOOK),
        (Status.DOWN, Verdict.BAD),
        (Status.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_it_answers_by_the_worst_that_watches_it(now, status, verdict):
    make.probe("Front page", status=Status.UP)
    make.probe("Checkout", status=status)
    assert (ask(now).verdict, ask(now).evidence_url) == (verdict, "/monitoring/services/web-shop/")


def test_it_does_not_call_fine_what_nothing_watches(now):
    make.service()
    assert (ask(now).verdict, ask(now).detail) == (Verdict.UNKNOWN, "Nothing watches it yet")


def test_it_says_when_there_is_no_such_service(now):
    assert ask(now).verdict == Verdict.UNKNOWN
    assert "no service is named" in ask(now).detail


def test_it_offers_each_service_in_the_form():
    make.service()
    assert ("Single services", [("service:web-shop", "Web shop")]) in options()
