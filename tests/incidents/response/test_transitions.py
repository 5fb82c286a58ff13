"""The table of states, whatever order people press buttons in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.response import opening, services
from incidents.response.models import Incident
from incidents.response.states import LIVE, TRANSITIONS, Status, may
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.incidents import make

VERBS: dict[str, Callable[..., services.Done]] = {
    "acknowledge": services.incident_acknowledge,
    "resolve": services.incident_resolve,
    "reopen": opening.incident_reopen,
}


def test_it_never_leaves_merged():
    assert not any(may(verb, Status.MERGED) for verb in TRANSITIONS)


def test_it_reopens_only_what_was_resolved():
    assert [s for s in Status if may("reopen", s)] == [Status.RESOLVED]


def test_it_can_always_resolve_what_is_live():
    assert all(may("resolve", status) for status in LIVE)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(VERBS)), max_size=8))
def test_it_moves_only_along_the_table(verbs):
    incident = make.incident(source="")
    for step, verb in enumerate(verbs):
        before = Incident.objects.get(pk=incident.pk).status
        done = VERBS[verb](actor=SYSTEM, incident=incident, now=NOW + timedelta(minutes=step + 1))
        after = Incident.objects.get(pk=incident.pk).status
        assert done.changed == may(verb, before)
        assert after == (TRANSITIONS[verb].target if done.changed else before)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(VERBS)), max_size=8))
def test_it_writes_one_line_for_each_transition(verbs):
    incident = make.incident(source="")
    moves = sum(VERBS[v](actor=SYSTEM, incident=incident, now=NOW).changed for v in verbs)
    told = incident.timeline.filter(kind__in=["acknowledged", "resolved", "reopened"]).count()
    assert told == moves
