"""Every address: what it refuses, that it stores first, and that it answers a repetition the same."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from monitoring.alerts.models import Alert
from monitoring.inbound import taking
from monitoring.inbound.models import Arrival, Fate
from monitoring.inbound.services import integration_key_renew
from monitoring.inbound.tasks import read
from monitoring.inbound.views import doors
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib import receiving
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL = f"/in/alertmanager/{KEY}"
GZIP = {"Content-Encoding": "gzip"}


@pytest.fixture
def sender(db):
    return integration()


@pytest.mark.parametrize(
    "path",
    [f"/in/alertmanager/{'f' * 32}", f"/in/grafana/{KEY}", f"/in/nonsense/{KEY}", "/in/alertmanager/ü"],
)
def test_it_knows_no_other_address(post, sender, path):
    assert post(path, payload("alertmanager")).status_code == 404


def test_it_answers_as_to_an_unknown_key_while_switched_off(post, sender):
    type(sender).objects.update(is_active=False)
    assert post(URL, payload("alertmanager")).status_code == 404


def test_it_takes_no_get(client, sender):
    assert client.get(URL).status_code == 405


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        (b"[7" + b" " * 10_000_000 + b"]", {}, 413, "Send at most 5 MB at once."),
        (b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}, 400, "Send it without Content-Encoding"),
        (b"", {}, 400, "The body is empty."),
    ],
)
def test_it_tells_people_of_what_it_does_not_take(post, sender, body, headers, status, said):
    answer = post(URL, body, **headers)
    assert (answer.status_code, said in answer.json()["message"]) == (status, True)
    alert, arrival = Alert.objects.get(), Arrival.objects.get()
    assert alert.annotations["why"].startswith(said)
    assert (arrival.fate, arrival.body) == (Fate.UNREADABLE, body[: receiving.START])


def test_it_refuses_too_many_that_it_does_not_take(post, sender, monkeypatch):
    monkeypatch.setattr(taking, "PER_MINUTE", 1)
    assert [post(URL, body, **GZIP).status_code for body in (b"1", b"2")] == [400, 429]


def test_it_counts_what_has_no_length(rf, settings):
    request = rf.post("/", b"x" * (doors.LIMIT + 1), content_type="text/plain")
    del request.META["CONTENT_LENGTH"]
    request.META["wsgi.input_terminated"] = True
    with pytest.raises(receiving.BadBody) as caught:
        receiving.read_body(request, doors.LIMIT)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"{nonsense", "line 1, column 2"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"7", "array of alerts"),
        (b'{"alerts": 7}', "no list"),
        (b"1" * 5000, "A number in this JSON is too long."),
    ],
)
def test_it_says_what_is_malformed(post, sender, body, said):
    answer = post(URL, body)
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_it_opens_an_alert_for_what_it_cannot_read(post, sender):
    post(URL, b'{"alerts": "<b>none</b>"}')
    alert = Alert.objects.get()
    assert (alert.title, alert.state) == ("Prometheus sent something that cannot be read", "firing")
    assert alert.annotations["what came"] == '{"alerts": "<b>none</b>"}'
    arrival = Arrival.objects.get()
    assert arrival.fate == Fate.UNREADABLE
    assert alert.url.endswith(f"/monitoring/inbound/arrivals/{arrival.pk}/")


def test_it_opens_an_alert_for_what_it_fails_to_read(post, sender):
    with patch("monitoring.inbound.kinds.alertmanager._one", side_effect=ZeroDivisionError):
        assert post(URL, payload("alertmanager")).status_code == 200
    assert Alert.objects.get().annotations["why"] == "The console failed to read it."


def test_it_answers_a_repetition_the_same_and_changes_nothing(post, sender):
    answers = [post(URL, payload("alertmanager")).content for _ in range(3)]
    assert len(set(answers)) == 1
    assert (Arrival.objects.count(), Alert.objects.get().count) == (1, 1)


def test_it_takes_the_same_words_for_new_ones_later(post, frozen, db):
    integration("webhook")
    for _ in range(2):
        post(f"/in/webhook/{KEY}", {"title": "Disk is full"})
        frozen.shift(taking.AGAIN_WITHIN)
    assert Arrival.objects.count() == 2


def test_it_loses_no_alert_that_comes_back_with_the_same_words(post, frozen, db):
    integration("webhook")
    for status in ("down", "up", "down"):
        post(f"/in/webhook/{KEY}", {"title": "Shop", "status": status})
        frozen.shift(timedelta(seconds=5))
    assert [state for _, state in states()] == ["firing", "resolved"]


def test_it_reads_by_the_sweep_what_was_only_stored(post, sender, now):
    with patch.object(doors, "arrival_settle", side_effect=OperationalError):
        assert post(URL, payload("alertmanager")).status_code == 200
    assert (read(now), Alert.objects.count()) == (0, 0), "whoever stored it may still be at it"
    assert read(now + taking.LEASE) == 1
    assert (Alert.objects.count(), Arrival.objects.get().fate) == (1, Fate.READ)
    assert read(now + 2 * taking.LEASE) == 0


def test_it_leaves_the_reading_to_the_sweep_while_it_is_busy(post, sender, now, monkeypatch):
    monkeypatch.setattr(doors, "PATIENCE", -1)
    assert post(URL, payload("alertmanager")).status_code == 200
    assert not Alert.objects.exists()
    assert (read(now + taking.LEASE), Alert.objects.count()) == (1, 1)


def test_it_leaves_what_is_large_to_the_sweep_at_once(post, sender, now, monkeypatch):
    monkeypatch.setattr(taking, "SMALL", 10)
    post(URL, payload("alertmanager"))
    assert not Alert.objects.exists()
    assert read(now) == 1


def test_it_says_what_is_malformed_also_of_what_is_large(post, sender, now, monkeypatch):
    monkeypatch.setattr(taking, "SMALL", 1)
    assert post(URL, b"{nonsense").status_code == 400
    read(now)
    assert Alert.objects.get().title == "Prometheus sent something that cannot be read"


def test_it_writes_the_same_when_killed_half_way(post, sender, now):
    with patch.object(taking, "held", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        post(URL, payload("alertmanager"))
    read(now + taking.LEASE)
    assert (Alert.objects.get().count, Arrival.objects.get().fate) == (1, Fate.READ)


def test_it_says_when_it_cannot_store(post, sender):
    with patch.object(doors, "arrival_store", side_effect=OperationalError):
        answer = post(URL, payload("alertmanager"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_it_slows_down_who_sends_too_much(post, sender, monkeypatch):
    monkeypatch.setattr(taking, "PER_MINUTE", 2)
    codes = [post(URL, [{"labels": {"n": str(n)}}]).status_code for n in range(3)]
    assert codes == [200, 200, 429]


def test_it_opens_with_the_former_key_for_a_day(post, sender, frozen, now):
    key = integration_key_renew(actor=SYSTEM, integration=sender, now=now)
    assert post(URL, payload("alertmanager")).status_code == 200
    frozen.shift(timedelta(hours=24, seconds=1))
    assert post(URL, payload("alertmanager")).status_code == 404
    assert post(f"/in/alertmanager/{key}", payload("alertmanager")).status_code == 200


def test_it_takes_nul_and_half_characters(post, sender):
    content = payload("alertmanager")
    content["alerts"][0]["annotations"]["summary"] = "a\x00b\ud800c"
    assert post(URL, json.dumps(content).encode()).status_code == 200
    assert Alert.objects.get().title == "a�b?c"


def test_it_asks_for_no_person(post, sender):
    with CaptureQueriesContext(connection) as asked:
        assert "Set-Cookie" not in post(URL, payload("alertmanager")).headers
    assert not [
        query for query in asked if "accounts_user" in query["sql"] or "django_session" in query["sql"]
    ]
