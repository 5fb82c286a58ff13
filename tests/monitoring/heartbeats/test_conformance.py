"""Healthchecks' ping API, line by line: what its clients send, and what they are promised for an answer."""

import pytest

from monitoring.heartbeats.models import Ping
from tests.monitoring import make

pytestmark = pytest.mark.django_db(transaction=True)

KEY, SLUG = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278", "nightly-backup"
RID = "D9DF6B60-2B3D-4C5E-8A0A-5C6F6B1B0F2A"
FORMAT, UUID_FORMAT = (400, "invalid url format"), (400, "invalid uuid format")
OK, CREATED, NOT_FOUND = (200, "OK"), (201, "Created"), (404, "not found")
BOTH = ("{key}", "{ping_key}/{slug}")

SUFFIXES = [
    ("", OK, ("success", None)),
    ("/", OK, ("success", None)),
    ("/start", OK, ("start", None)),
    ("/fail", OK, ("fail", None)),
    ("/log", OK, ("log", None)),
    ("/0", OK, ("success", 0)),
    ("/1", OK, ("fail", 1)),
    ("/255", OK, ("fail", 255)),
    (f"?rid={RID}", OK, ("success", None)),
    (f"/7?rid={RID.lower()}", OK, ("fail", 7)),
    ("/256", FORMAT, None),
    ("/1000", FORMAT, None),
    ("/-1", FORMAT, None),
    ("/Start", FORMAT, None),
    ("?rid=12345", UUID_FORMAT, None),
    ("?rid=", UUID_FORMAT, None),
    (f"?rid={RID.replace('-', '')}", UUID_FORMAT, None),
    (f"?rid={RID}0", UUID_FORMAT, None),
]
ODD = [
    ("{ping_key}/new-job?create=1", CREATED),
    ("{ping_key}/new-job/start?create=1", CREATED),
    ("{ping_key}/{slug}?create=1", OK),
    ("{ping_key}/new-job", NOT_FOUND),
    ("{ping_key}/new-job?create=0", NOT_FOUND),
    ("wrong-key/{slug}", NOT_FOUND),
    ("wrong-key/new-job?create=1", NOT_FOUND),
    ("00000000-0000-4000-8000-000000000000", NOT_FOUND),
    ("00000000-0000-4000-8000-000000000000/start?create=1", NOT_FOUND),
    ("{ping_key}/Nightly-Backup", FORMAT),
    ("{ping_key}/Nightly-Backup?create=1", FORMAT),
    ("{ping_key}", FORMAT),
    ("not-a-uuid", FORMAT),
]


@pytest.fixture
def ask(ping, team):
    """`ask("{key}/start")`: the address with the names of a real heartbeat in it."""
    make.heartbeat(key=KEY, slug=SLUG)

    def asked(path: str, **given):
        return ping(f"/ping/{path.format(key=KEY, ping_key=team.ping_key, slug=SLUG)}", **given)

    return asked


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(("suffix", "answer", "kept"), SUFFIXES)
def test_it_answers_each_suffix_as_promised(ask, name, suffix, answer, kept):
    assert ask(name + suffix)[:2] == answer
    assert list(Ping.objects.values_list("kind", "exit_status")) == ([kept] if kept else [])


@pytest.mark.parametrize(("path", "answer"), ODD)
def test_it_answers_names_as_promised(ask, path, answer):
    assert ask(path)[:2] == answer


def test_it_says_that_a_slug_is_ambiguous(ask, monkeypatch):
    twice = [(1, KEY.replace("-", ""), SLUG), (2, "0" * 32, SLUG)]
    monkeypatch.setattr("monitoring.heartbeats.names.names", lambda _store: twice)
    assert ask("{ping_key}/{slug}")[:2] == (409, "ambiguous slug")
    assert not Ping.objects.exists()


@pytest.mark.parametrize("method", ["HEAD", "GET", "POST", "PUT"])
@pytest.mark.parametrize("path", ["{key}", "{key}/256", "wrong-key/{slug}"])
def test_it_sends_the_same_headers_with_every_answer(ask, path, method):
    headers = ask(path, method=method).headers
    wanted = {"Ping-Body-Limit": "10000", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    assert wanted.items() <= headers.items()
    assert headers["Content-Type"].startswith("text/plain")


def test_it_cuts_the_body_in_bytes_and_the_agent_in_characters(ask):
    ask("{key}", method="POST", body="ä".encode() * 6_000, HTTP_USER_AGENT="u" * 300)
    kept = Ping.objects.get()
    assert (len(kept.body.encode()), len(kept.ua)) == (10_000, 200)
