"""PagerDuty's Events v2 and change events, with their rules of deduplication."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.tasks import notices_consume
from incidents.response.timeline import plain
from monitoring.alerts.models import Alert
from monitoring.alerts.states import Level
from monitoring.alerts.tasks import tell
from monitoring.changes.models import Change
from monitoring.inbound.kinds.pagerduty import kind_of
from monitoring.inbound.models import Arrival
from opsconsole.lib import clock
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL, CHANGES = "/v2/enqueue", "/v2/change/enqueue"


@pytest.fixture(autouse=True)
def _there(db):
    integration("pagerduty", name="Sensu")


@pytest.fixture
def send(post, frozen):
    def act(action="trigger", **changed):
        frozen.shift(timedelta(seconds=1))
        return post(URL, payload("pagerduty") | {"routing_key": KEY, "event_action": action} | changed)

    return act


def test_it_answers_as_pagerduty_does(send):
    answer = send()
    assert answer.status_code == 202
    assert answer.json() == {"status": "success", "message": "Event processed", "dedup_key": "srv01/mysql"}


def test_it_opens_an_alert_with_what_was_said(send):
    send()
    alert = Alert.objects.get()
    assert (alert.title[:11], alert.severity) == ("DISK at 99%", Level.P1)
    assert (alert.labels["class"], alert.annotations["free space"]) == ("disk", "1%")
    assert alert.url == "https://sensu.example.com"


def test_it_takes_the_key_as_a_header(post):
    content = {name: value for name, value in payload("pagerduty").items() if name != "routing_key"}
    assert post(URL, content, **{"X-Routing-Key": KEY}).status_code == 202
    assert Alert.objects.exists()


def test_it_makes_a_key_that_a_repetition_gets_again(send, post):
    content = payload("pagerduty") | {"routing_key": KEY, "dedup_key": None}
    first, again = post(URL, content).json(), post(URL, content).json()
    assert first == again
    assert len(first["dedup_key"]) == 32
    assert Alert.objects.get().fingerprint == first["dedup_key"]


def test_it_joins_open_alerts_and_opens_new_ones_after_their_end(send):
    for action in ("trigger", "trigger", "resolve", "trigger"):
        send(action)
    assert states() == [("srv01/mysql", "firing"), ("srv01/mysql", "resolved")]


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_it_drops_an_end_of_nothing(send, action):
    assert send(action).status_code == 202
    assert not Alert.objects.exists()


def test_it_takes_an_acknowledgement(send):
    send()
    send("acknowledge")
    assert Alert.objects.get().acknowledged_at


@pytest.mark.usefixtures("frozen")
def test_it_has_in_hand_and_ends_what_it_opened(send, frozen):
    for action in ("trigger", "acknowledge", "resolve"):
        send(action)
        frozen.shift(timedelta(minutes=1))
        tell(clock.now()), notices_consume(clock.now())
    story = [plain(entry) for entry in Incident.objects.get().timeline.all()]
    assert "Sensu acknowledged “DISK at 99% on machine prod-datapipe03.example.com” there" in story
    assert "Sensu resolved it" in story


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"event_action": "explode"}, "'event_action' is invalid (must be one of the following: 'trigger', "),
        ({"event_action": None}, "'event_action' is missing or blank"),
        ({"payload": None}, "'payload' is missing"),
        ({"payload": {"summary": "x", "source": "y", "severity": "bad"}}, "'payload.severity' is invalid"),
        ({"payload": {"summary": "x", "source": "y", "severity": []}}, "'payload.severity' is invalid"),
        ({"payload": {"summary": "x", "source": "y"}}, "'payload.severity' is missing or blank"),
        ({"payload": {"source": "y", "severity": "info"}}, "'payload.summary' is missing"),
        ({"dedup_key": "x" * 256}, "255"),
        ({"event_action": "resolve", "dedup_key": ""}, "'dedup_key' is missing"),
    ],
)
def test_it_lists_what_is_wrong_and_tells_people_too(send, changed, said):
    answer = send(**{"action": changed.pop("event_action", "trigger")} | changed)
    assert (answer.status_code, answer.json()["status"]) == (400, "invalid event")
    assert said in " ".join(answer.json()["errors"])
    assert Alert.objects.get().title == "Sensu sent something that cannot be read"


SHORT = "Length of 'routing_key' is incorrect (should be 32 characters)"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("f" * 32, "Invalid routing key"),
        ("", "'routing_key' is missing or blank"),
        (None, "'routing_key' is missing or blank"),
        ({"a": 1}, SHORT),
        ("\ud800", SHORT),
    ],
)
def test_it_knows_no_other_routing_key(send, key, said):
    answer = send(routing_key=key)
    assert (answer.status_code, answer.json()["errors"]) == (400, [said])
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_it_finds_whose_event_it_is_in_what_cannot_be_read(post, headers):
    assert post(URL, f'{{"routing_key": "{KEY}", "event'.encode(), **headers).status_code == 400
    assert Alert.objects.get().title == "Sensu sent something that cannot be read"
    assert KEY.encode() not in Arrival.objects.get().body


def test_it_takes_nothing_that_it_cannot_read_for_another_kind(post):
    integration(key="f" * 32)
    assert post(URL, b'{"routing_key": "' + b"f" * 32).status_code == 400
    assert not Arrival.objects.exists()


def test_it_keeps_no_routing_key(send):
    send()
    assert KEY.encode() not in Arrival.objects.get().body


def test_it_takes_a_change_and_tells_nobody(post):
    content = payload("pagerduty_change") | {"routing_key": KEY}
    answers = [post(CHANGES, content) for _ in range(2)]
    assert [a.status_code for a in answers] == [202, 202]
    assert (
        answers[0].json() == {"status": "success", "message": "Change event processed"} == answers[1].json()
    )
    change = Change.objects.get()
    assert (change.kind, change.author, change.url) == ("deploy", "Mara", "https://ci.example.com/12")
    assert change.at == datetime(2026, 11, 18, 7, 17, 51, 364000, tzinfo=UTC)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Checkout 4.2", "deploy"),
        ("Run migrations", "migration"),
        ("Feature flag x on", "flag"),
        ("DNS moved", "config"),
    ],
)
def test_it_tells_kinds_of_changes_apart(summary, kind):
    assert kind_of(summary) == kind


def test_it_refuses_a_change_without_a_summary(post):
    answer = post(CHANGES, {"routing_key": KEY, "payload": {}})
    assert (answer.status_code, answer.json()["errors"]) == (400, ["'payload.summary' is missing or blank"])
