"""The listener's answers: Healthchecks' codes, words and headers."""

from uuid import UUID

import pytest

from monitoring.heartbeats.models import Heartbeat, Ping
from tests.monitoring import make

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_it_stores_a_ping_and_says_ok(ping, heartbeat):
    answer = ping(f"/ping/{heartbeat.key}", HTTP_USER_AGENT="curl/8")
    assert (answer.status, answer.text) == (200, "OK")
    stored = Ping.objects.get()
    assert (stored.heartbeat, stored.kind, stored.ua, stored.ip) == (
        heartbeat,
        "success",
        "curl/8",
        "192.0.2.7",
    )


def test_it_tells_the_limit_and_lets_browsers_call(ping, heartbeat):
    headers = ping(f"/ping/{heartbeat.key}").headers
    assert headers["Ping-Body-Limit"] == "10000"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_it_takes_any_method(ping, heartbeat, method):
    assert ping(f"/ping/{heartbeat.key}", method=method).status == 200
    assert Ping.objects.get().method == method


def test_it_answers_head_without_a_body(ping, heartbeat):
    assert ping(f"/ping/{heartbeat.key}", method="HEAD").text == ""


def test_it_takes_no_question_of_a_browser_for_a_ping(ping, heartbeat):
    answer = ping(f"/ping/{heartbeat.key}", method="OPTIONS")
    assert (answer.status, answer.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, POST")
    assert not Ping.objects.exists()


def test_it_keeps_the_run_id_and_the_exit_status(ping, heartbeat):
    ping(f"/ping/{heartbeat.key}/3?rid={NOBODY}")
    stored = Ping.objects.get()
    assert (stored.rid, stored.exit_status, stored.kind) == (UUID(NOBODY), 3, "fail")


def test_it_finds_a_heartbeat_by_ping_key_and_slug(ping, heartbeat, team):
    assert ping(f"/ping/{team.ping_key}/nightly-backup/start").status == 200
    assert Ping.objects.get().kind == "start"


@pytest.mark.parametrize(
    "path", [f"/ping/{NOBODY}", "/ping/wrong-key/nightly-backup", "/ping//nightly-backup"]
)
def test_it_does_not_know_strangers(ping, heartbeat, path):
    answer = ping(path)
    assert (answer.status, answer.text) == (404, "not found")
    assert not Ping.objects.exists()


def test_it_does_not_know_a_slug_that_nobody_made(ping, team):
    assert ping(f"/ping/{team.ping_key}/other").status == 404


def test_it_says_what_is_malformed(ping, heartbeat):
    assert ping(f"/ping/{heartbeat.key}/256")[:2] == (400, "invalid url format")
    assert ping(f"/ping/{heartbeat.key}?rid=7")[:2] == (400, "invalid uuid format")


def test_it_makes_a_heartbeat_on_request(ping, team):
    assert ping(f"/ping/{team.ping_key}/new-job?create=1")[:2] == (201, "Created")
    made = Heartbeat.objects.get()
    assert (made.slug, made.service.name, made.plan.words) == ("new-job", "Jobs", "every day, 1 h grace")
    assert Ping.objects.get().heartbeat == made


def test_it_makes_it_once(ping, team):
    ping(f"/ping/{team.ping_key}/new-job?create=1")
    assert ping(f"/ping/{team.ping_key}/new-job?create=1")[:2] == (200, "OK")
    assert Heartbeat.objects.count() == 1


def test_it_makes_nothing_for_a_wrong_key(ping, team):
    assert ping("/ping/wrong/new-job?create=1").status == 404
    assert not Heartbeat.objects.exists()


def test_it_leaves_other_addresses_to_django(ping):
    assert ping("/today/").status == 299
    assert ping("/pingpong").status == 299


def test_it_notices_at_once_what_is_new(ping, heartbeat):
    ping(f"/ping/{heartbeat.key}")
    other = make.heartbeat("Invoices")
    assert ping(f"/ping/{other.key}").status == 200


def test_it_does_not_store_for_what_was_deleted(ping, heartbeat):
    other = make.heartbeat("Invoices")
    ping(f"/ping/{heartbeat.key}")
    heartbeat.delete()
    assert ping(f"/ping/{heartbeat.key}").status == 404
    assert ping(f"/ping/{other.key}").status == 200
