"""The check for checklists, the auditor's watches and the rail's count."""

from datetime import timedelta

import pytest

from incidents.response.navigation import open_count
from incidents.response.opening import incident_reopen
from incidents.response.services import incident_acknowledge, incident_resolve
from incidents.response.watches import changes, clocks
from opsconsole.accounts.roles import SYSTEM
from opsconsole.measures.checks import checks
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.nav import Count
from tests.incidents import make

pytestmark = pytest.mark.django_db


def evidence(now):
    return checks["incidents.none_open"].evidence(now)


def test_it_is_fine_when_nothing_is_open(now):
    assert evidence(now).verdict == Verdict.OK


def test_it_is_bad_while_something_waits(now):
    make.incident(severity=3)
    assert (evidence(now).verdict, evidence(now).detail) == (Verdict.BAD, "INC-001 Checkout is down.")


def test_it_wants_a_look_while_somebody_works_on_something_small(responder, now):
    incident_acknowledge(actor=responder, incident=make.incident(severity=2), now=now)
    assert evidence(now).verdict == Verdict.LOOK


def test_it_ignores_drills(now):
    make.incident(is_drill=True)
    assert evidence(now).verdict == Verdict.OK


def test_it_finds_changes_that_nobody_handled(checkout, now):
    change = make.change(checkout)
    assert changes(change.noticed_at + timedelta(seconds=60)).count == 0
    assert changes(change.noticed_at + timedelta(seconds=61)).count == 1


def test_it_finds_targets_that_nobody_minded(now):
    make.incident(severity=0)
    assert clocks(now + timedelta(minutes=6)).count == 0
    assert clocks(now + timedelta(minutes=6, seconds=1)).count == 1


def test_it_counts_what_is_open():
    assert open_count() is None
    make.incident(severity=2)
    assert open_count() == Count(1, "look", "1 open")
    make.incident(severity=0)
    assert open_count() == Count(2, "bad", "2 open")


def seen(now):
    found = checks["incidents.all_seen"].evidence(now)
    return found.verdict, found.value, found.detail


def test_it_is_fine_when_nothing_was_to_be_seen(now):
    make.incident(now=now - timedelta(hours=25))
    make.incident(is_drill=True)
    assert seen(now) == (Verdict.OK, "none", "none was opened in 24 hours")


def test_it_is_fine_when_somebody_has_seen_each(now, responder):
    incident_acknowledge(actor=responder, incident=make.incident(), now=now)
    assert seen(now) == (Verdict.OK, "1 of 1", "each was acknowledged by somebody")


def test_it_is_bad_while_nobody_has_it(now):
    make.incident()
    assert seen(now) == (Verdict.BAD, "0 of 1", "INC-001 not acknowledged")


def test_it_shows_also_what_was_opened_anew(now, responder, signed_in, viewer, frozen):
    """Its first evidence is older than a day; the page that is the evidence names it all the same."""
    old = make.resolved(now=now - timedelta(days=3))
    incident_reopen(actor=responder, incident=old, now=now - timedelta(hours=1))
    found = checks["incidents.all_seen"].evidence(now)
    assert found.detail == "INC-001 not acknowledged"
    assert [row["incident"] for row in signed_in(viewer).get(found.url).context["rows"]] == [old]


def test_it_is_worth_a_look_when_it_was_over_before_anybody_knew(now):
    for _ in range(2):
        incident_resolve(actor=SYSTEM, incident=make.incident(), now=now)
    assert seen(now) == (
        Verdict.LOOK,
        "0 of 2",
        "INC-001 and 1 more over before anybody acknowledged",
    )
