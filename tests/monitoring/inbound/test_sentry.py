"""Sentry's webhooks: signed, with links to issue and replay, and the page of errors."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from monitoring.alerts.models import Alert
from monitoring.alerts.states import Level
from monitoring.inbound.issues import KEPT_FOR, issue_take
from monitoring.inbound.models import Arrival, ErrorIssue, Fate
from monitoring.inbound.parcels import Issue
from monitoring.inbound.tasks import forget
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL, PAGE = f"/in/sentry/{KEY}", "/monitoring/errors/"
SECRET = "client-secret"


@pytest.fixture
def sender(db):
    return integration("sentry", name="Sentry", config={"secret": SECRET})


@pytest.fixture
def send(post, sender, frozen):
    def act(resource, content, secret=SECRET, **more):
        frozen.shift(timedelta(seconds=1))
        raw = json.dumps(content).encode()
        signed = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        given = {"Sentry-Hook-Resource": resource, "Sentry-Hook-Signature": signed}
        return post(URL, raw, **{name: value for name, value in (given | more).items() if value})

    return act


def issue(action="created", **changed):
    content = payload("sentry_issue") | {"action": action}
    content["data"]["issue"] |= changed
    return content


def test_it_opens_an_alert_for_a_new_issue(send):
    assert send("issue", issue()).status_code == 200
    alert = Alert.objects.get()
    assert (alert.fingerprint, alert.severity) == ("issue:1170820242", Level.P2)
    assert alert.url == "https://acme.sentry.io/issues/1170820242/"
    assert alert.starts_at == datetime(2026, 11, 18, 7, 40, tzinfo=UTC)


@pytest.mark.parametrize("action", ["resolved", "archived", "ignored"])
def test_it_ends_when_the_issue_is_dealt_with_and_begins_anew(send, action):
    for step in ("created", action, "unresolved"):
        send("issue", issue(step))
    assert [state for _, state in states()] == ["firing", "resolved"]


def test_it_keeps_the_links_of_an_event_to_issue_and_replay(send):
    send("event_alert", payload("sentry_event_alert"))
    alert = Alert.objects.get()
    assert alert.annotations["replay"] == "https://acme.sentry.io/replays/5c1e1ad2b9d2494384a5f0e8b8b9b7aa/"
    assert alert.url == "https://acme.sentry.io/issues/1170820242/"
    assert alert.annotations["why"] == "Checkout errors"


def test_it_takes_each_error_as_it_happens(send):
    content = payload("sentry_event_alert")
    send("error", {"action": "created", "data": {"error": content["data"]["event"]}})
    assert states() == [("issue:1170820242", "firing")]
    assert send("error", {"action": "created", "data": {}}).status_code == 400


def test_it_takes_a_metric_alert_and_its_end(send):
    content = payload("sentry_metric_alert")
    send("metric_alert", content)
    assert (Alert.objects.get().title, Alert.objects.get().severity) == ("Critical: Crash rate", Level.P0)
    content["data"]["metric_alert"]["date_closed"] = "2026-11-18T07:58:00Z"
    send("metric_alert", content | {"action": "resolved"})
    assert [state for _, state in states()] == ["resolved"]


@pytest.mark.parametrize("signature", ["", "0" * 64, "é"])
def test_it_believes_nothing_that_is_not_signed(send, signature):
    answer = send("issue", issue(), **{"Sentry-Hook-Signature": signature})
    assert (answer.status_code, Arrival.objects.get().fate) == (401, Fate.FORGED)
    alert = Alert.objects.get()
    assert alert.title.endswith(" sends what is not believed")
    assert list(alert.annotations) == ["why"]


def test_it_asks_for_no_signature_without_a_secret(send, sender):
    type(sender).objects.update(config={})
    assert send("issue", issue(), secret="another").status_code == 200


def test_it_reads_nothing_while_its_secret_cannot_be_opened(send, sender, settings):
    settings.SECRET_KEY = "another key altogether"
    assert send("issue", issue()).status_code == 200
    assert (Alert.objects.count(), Arrival.objects.get().fate) == (0, Fate.WAITING)


def test_it_knows_a_delivery_by_its_id(send):
    for _ in range(2):
        send("issue", issue(), **{"Request-ID": "abc"})
    assert Arrival.objects.count() == 1


def test_it_takes_what_the_older_plug_in_sends(send):
    event = {"title": "KeyError: cart", "level": "fatal", "event_id": "1", "timestamp": 1795075200.0}
    send("", {"id": "77", "url": "https://sentry.example.com/issues/77/", "event": event})
    assert (Alert.objects.get().title, ErrorIssue.objects.get().key) == ("KeyError: cart", "77")


@pytest.mark.parametrize("resource", ["installation", "comment"])
def test_it_says_what_concerns_no_alert(send, resource):
    assert send(resource, {"action": "created"}).status_code == 200
    assert "concerns no alert" in Arrival.objects.get().note


@pytest.mark.parametrize(
    ("resource", "content"), [("issue", {}), ("event_alert", {"data": 7}), ("metric_alert", {}), ("", {})]
)
def test_it_opens_an_alert_for_what_it_cannot_read(send, resource, content):
    assert send(resource, content).status_code == 400
    assert Alert.objects.get().title == "Sentry sent something that cannot be read"


def test_it_lists_errors_with_counts_and_links(send, signed_in, viewer):
    send("issue", issue())
    send("event_alert", payload("sentry_event_alert"))
    page = signed_in(viewer).get(PAGE).text
    for said in (
        "TypeError: price is undefined",
        ">shop<",
        ">14<",
        "3 users",
        "SHOP-2K",
        "/replays/5c1e1ad2",
    ):
        assert said in page
    assert ErrorIssue.objects.get().last_at == datetime(2026, 11, 18, 7, 59, 30, tzinfo=UTC)


def test_it_hides_errors_that_are_dealt_with_until_asked(send, signed_in, viewer):
    for action in ("created", "resolved"):
        send("issue", issue(action))
    client = signed_in(viewer)
    assert "Every error is dealt with" in client.get(PAGE).text
    assert "TypeError" in client.get(f"{PAGE}?all=1").text
    assert "No error fits" in client.get(f"{PAGE}?q=nothing").text


def test_it_shows_titles_as_text(send, signed_in, viewer):
    send("issue", issue(title="<script>alert(1)</script>", web_url="javascript:alert(1)", permalink=None))
    page = signed_in(viewer).get(PAGE).text
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_it_changes_nothing_by_older_news(sender, now):
    old, new = Issue("1", "Old", status="unresolved", count=2), Issue("1", "New", status="resolved", count=5)
    for order in ((old, new), (new, old)):
        for told in order:
            issue_take(integration=sender, issue=told, at=now + timedelta(minutes=told is new))
        row = ErrorIssue.objects.get()
        assert (row.title, row.status, row.count) == ("New", "resolved", 5)
        row.delete()


def test_it_forgets_errors_after_400_days(sender, now):
    issue_take(integration=sender, issue=Issue("1", "Old"), at=now - KEPT_FOR - timedelta(minutes=1))
    assert (forget(now), ErrorIssue.objects.count()) == (1, 0)


def test_it_asks_a_constant_number_of_queries(sender, signed_in, viewer, now, django_assert_max_num_queries):
    for number in range(60):
        issue_take(integration=sender, issue=Issue(str(number), "Error"), at=now)
    client = signed_in(viewer)
    with django_assert_max_num_queries(13):
        client.get(PAGE)


def test_it_says_how_many_errors_are_open(send, signed_in, viewer):
    client = signed_in(viewer)
    assert "<h1>No error is known yet</h1>" in client.get(PAGE).text
    send("issue", issue())
    assert "<h1>1 error is open</h1>" in client.get(PAGE).text
    send("issue", issue("resolved"))
    assert "<h1>No error is open</h1>" in client.get(PAGE).text


def test_it_shows_and_finds_the_release_of_an_error(send, signed_in, viewer):
    content = payload("sentry_event_alert")
    content["data"]["event"]["tags"] = [["release", "shop@4.31"]]
    send("event_alert", content)
    assert "in shop@4.31" in signed_in(viewer).get(f"{PAGE}?q=4.31").text


def test_it_takes_the_release_from_an_issue_and_keeps_it(send):
    send("issue", issue(lastRelease={"version": "shop@4.32"}))
    send("issue", issue("unresolved"))
    assert ErrorIssue.objects.get().release == "shop@4.32"
