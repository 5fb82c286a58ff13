"""What the answer of a token address means, whatever it says; and that the secret is said to nobody."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.probes.kinds import Answer, NoToken
from monitoring.probes.kinds.http.config import clean
from monitoring.probes.kinds.http.oauth import read
from monitoring.probes.kinds.http.requests import target
from tests.monitoring.probes.http.test_signing import URL, refused

OAUTH = {"sign_in": "oauth", "token_url": "https://shop.example.com/token", "client_id": "shop"}
SECRET = {"client_secret": "hush"}


def answer(said, code: int = 200) -> Answer:
    return Answer(code=code, body=said if isinstance(said, bytes) else json.dumps(said).encode())


def told(said, code: int = 200) -> str:
    with pytest.raises(NoToken) as error:
        read("hush", answer(said, code))
    return str(error.value).removeprefix("The token address ")


@pytest.mark.parametrize(
    ("code", "said", "says"),
    [
        (400, {"error": "invalid_client"}, "answered 400: invalid_client."),
        (
            401,
            {"error": "invalid_client", "error_description": "Who?"},
            "answered 401: invalid_client (Who?).",
        ),
        (400, {"error": "a", "error_description": "hush\n is\x00 wrong."}, "answered 400: a (… is wrong)."),
        (403, {"error": {"code": 5}, "message": "Forbidden"}, "answered 403: Forbidden."),
        (502, b"<html>", "answered 502."),
        (302, {}, "answered 302."),
        (200, b"\xff\xfe", "answered 200 without an access token in JSON."),
        (200, b"[" * 60_000, "answered 200 without an access token in JSON."),
        (200, {"access_token": 7}, "answered 200 without an access token in JSON."),
        (200, {"access_token": "a\r\nHost: b"}, "gave a token that no header can carry."),
        (200, {"access_token": "é"}, "gave a token that no header can carry."),
        (200, {"access_token": "a", "token_type": "mac"}, "gave a token of the type “mac”, not Bearer."),
    ],
)
def test_it_says_why_there_is_no_token(code, said, says):
    assert told(said, code) == says


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(3600, 3570), ("3600", 3570), (40, 30), (0, 0), (-9, 0), (None, 300), ("soon", 300), (1e300, 86400)],
)
def test_it_keeps_a_token_until_shortly_before_its_end(said, seconds):
    token = read("", answer({"access_token": "abc", "expires_in": said}))
    assert token == ("Bearer abc", seconds)


@given(st.binary() | st.dictionaries(st.text(), st.none() | st.text() | st.floats() | st.integers()))
def test_it_is_not_hurt_by_what_it_reads(said):
    assert told(said).endswith(".")


def test_it_shows_no_secret_where_it_is_written_down():
    made = target(*clean(URL | OAUTH, SECRET), 5.0)
    assert "hush" not in repr(made) + repr(read("hush", answer({"access_token": "hush"})))


def test_it_drops_what_another_way_of_signing_in_does_not_need():
    config, kept = clean(URL | OAUTH | {"sign_in": "none", "scope": "read"}, SECRET)
    assert (config["token_url"], config["client_id"], config["scope"], kept) == ("", "", "", {})


@pytest.mark.parametrize(
    ("config", "secrets", "field", "says"),
    [
        ({"token_url": ""}, SECRET, "token_url", "Write the whole address"),
        ({"token_url": "https://intranet.example.com/token"}, SECRET, "token_url", "private address"),
        ({"client_id": " "}, SECRET, "client_id", "Write the client's id"),
        ({}, {}, "client_secret", "Write the client's secret"),
        ({}, {"client_secret": "a\nb"}, "client_secret", "on one line"),
        ({"client_auth": "post"}, SECRET, "client_auth", "Choose one of"),
        ({"scope": "x" * 1001}, SECRET, "scope", "At most 1,000"),
        ({}, SECRET | {"headers": {"Authorization": "x"}}, "headers", "signs in already"),
    ],
)
def test_it_says_what_is_missing(config, secrets, field, says):
    assert says in refused(OAUTH | config, secrets)[field]
