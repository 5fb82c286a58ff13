"""PagerDuty: Events v2."""

import pytest

from opsconsole.outbox.transports.pagerduty import PagerDutyForm
from tests.opsconsole.outbox.providers import TAKEN, TOKEN, alarm, post, refusal
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")


def event(config=None, **fields):
    with WebhookSink(TAKEN["pagerduty"]) as sink:
        post("pagerduty", sink, config, **fields)
    return sink.received[0]


def test_it_triggers_with_what_it_knows():
    with WebhookSink(TAKEN["pagerduty"]) as sink:
        alarm("pagerduty", sink)
    sent = sink.received[0].json()
    assert (sink.received[0].path, sent["routing_key"], sent["event_action"]) == (
        "/v2/enqueue",
        TOKEN,
        "trigger",
    )
    assert (sent["payload"]["summary"], sent["payload"]["severity"]) == ("API is down", "critical")
    assert [link["text"] for link in sent["links"]] == ["Acknowledge", "Open"]


@pytest.mark.parametrize(
    ("kind", "status", "action"),
    [
        ("incident.opened", "open", "trigger"),
        ("incident.escalated", "open", "trigger"),
        ("incident.escalated", "acknowledged", "acknowledge"),
        ("incident.acknowledged", "acknowledged", "acknowledge"),
        ("incident.recovered", "open", "trigger"),
        ("incident.resolved", "resolved", "resolve"),
    ],
)
def test_it_follows_the_incident_under_one_key(settings, kind, status, action):
    settings.OPSCONSOLE_URL = "https://ops.example.com"
    sent = event(type=kind, data={"incident": "INC-007", "status": status}).json()
    assert (sent["event_action"], sent["dedup_key"]) == (action, "https://ops.example.com/INC-007")


def test_it_has_a_key_of_its_own_for_what_is_no_incident():
    one, other = event().json(), event().json()
    assert one["dedup_key"] != other["dedup_key"]


def test_it_asks_in_europe_where_the_account_is_there():
    assert event({"region": "eu"}).path == "/eu/v2/enqueue"


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((400, {}, '{"status": "invalid event", "errors": ["routing_key is invalid"]}'), True),
        ((400, {}, "<h1>Bad request</h1>"), False),
        ((429, {}, '{"status": "throttle exceeded"}'), False),
        ((200, {}, "{}"), False),
        ((202, {}, "{}"), False),
    ],
)
def test_it_knows_what_is_refused_for_good(answer, permanent):
    assert refusal("pagerduty", answer).permanent is permanent


def test_it_says_on_its_form_what_is_wrong():
    assert PagerDutyForm({"key": "a" * 32, "region": "us"}).is_valid()
    assert "32 letters" in str(PagerDutyForm({"key": "u+aBcD", "region": "us"}).errors)
