"""The figures of postmortems and actions open their very rows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.postmortems import services
from opsconsole.lib.periods import Period
from opsconsole.measures.selectors import read

pytestmark = pytest.mark.django_db
URL = "/incidents/postmortems/"


@pytest.fixture
def slipped(postmortem, responder, now, frozen):
    """Four days later: the postmortem is late, one action too, and another is done."""
    for title, due in (("Alert on the pool", 19), ("Load test", 19), ("Larger pool", 30)):
        day = date(2026, 11, due)
        fields = {"title": title, "owner": responder, "due_on": day}
        action = services.action_add(actor=responder, postmortem=postmortem, now=now, **fields)
        if title == "Load test":
            services.action_done(actor=responder, action=action, now=now + timedelta(hours=1))
    frozen.shift(timedelta(days=4))
    return Period(now - timedelta(days=1), now + timedelta(days=4))


@pytest.mark.parametrize(
    ("of", "count"),
    [
        ("postmortems.overdue", 1),
        ("postmortems.in_time", 1),
        ("actions.open", 2),
        ("actions.overdue", 1),
        ("actions.kept", 2),
    ],
)
def test_it_links_to_its_very_rows(slipped, signed_in, viewer, of, count):
    reading = read(of, slipped).reading
    page = signed_in(viewer).get(reading.evidence_url).context
    assert (page["count"], page["asked"].of) == (count, of)
    assert count == (reading.n if reading.n is not None else reading.value)
    assert len(page.get("actions") or page.get("reviews")) == count


def test_it_counts_the_actions_that_were_done_when_due(slipped, now):
    assert read("actions.kept", slipped).reading.value == 50
    assert read("actions.kept", Period(now - timedelta(days=9), now)).reading.is_nothing


def test_it_shows_none_that_falls_due_later(postmortem, signed_in, viewer, now, frozen):
    reading = read("postmortems.in_time", Period(now - timedelta(days=1), now + timedelta(days=6))).reading
    assert (reading.n, signed_in(viewer).get(reading.evidence_url).context["count"]) == (0, 0)


@pytest.mark.parametrize(("hour", "kept"), [(22, 100), (23, 0)])
def test_it_keeps_a_promise_until_midnight_of_its_day(postmortem, responder, now, frozen, hour, kept):
    """In the team's zone, and whatever the period: what came later in the week came late."""
    fields = {"title": "Load test", "owner": responder, "due_on": date(2026, 11, 19)}
    action = services.action_add(actor=responder, postmortem=postmortem, now=now, **fields)
    services.action_done(actor=responder, action=action, now=datetime(2026, 11, 19, hour, 30, tzinfo=UTC))
    frozen.shift(timedelta(days=7))
    assert read("actions.kept", Period(now, now + timedelta(days=6))).reading.value == kept


def test_it_remembers_what_was_open_then(slipped, signed_in, viewer, now):
    then = read("actions.open", Period(now - timedelta(days=1), now + timedelta(minutes=5))).reading
    assert then.value == signed_in(viewer).get(then.evidence_url).context["count"] == 3


def test_it_says_what_is_wrong_with_an_address(signed_in, viewer):
    assert b"notice bad" in signed_in(viewer).get(f"{URL}?of=actions.open").content
