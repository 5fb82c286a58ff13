"""“Try it” asks as the engine would and shows what is worth knowing: each step's time, headers, the beginning of the body."""

from urllib.parse import quote

import pytest

from monitoring.probes.models import Probe
from tests.monitoring import make
from tests.monitoring.probes import papers
from tests.monitoring.probes.servers import Target
from tests.monitoring.probes.test_trial import tried
from tests.monitoring.probes.tokens import SECRET, TokenServer

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def client(manager, signed_in):
    return signed_in(manager)


def test_it_says_which_condition_failed(client, target):
    rows = {
        "conditions-path": ["status", "queue"],
        "conditions-op": ["==", "<="],
        "conditions-value": ["ok", "100"],
    }
    shown = tried(client, url=target.url("/json/" + quote('{"status": "ok", "queue": 120}')), **rows)
    assert "$.queue is 120; expected is that it is at most 100." in shown
    assert '<dt>content-type</dt><dd class="mono">application/json</dd>' in shown


def test_it_shows_each_step_and_how_much_came(client, target):
    shown = tried(client, url=target.url("/big"))
    assert "connecting " in shown
    assert "of which the first 2,000 are shown" in shown


def test_it_shows_the_headers_of_the_last_answer_alone(client, target):
    shown = tried(client, url=target.url(f"/to/{target.url()}"))
    assert ("as expected" in shown, "location" in shown) == (True, False)


def test_it_shows_where_it_is_led(client, target):
    shown = tried(
        client,
        url=target.url("/to/https://elsewhere.example/%3Cb%3E"),
        most_redirects="0",
        expected_status="302",
    )
    assert "<dt>Leads to</dt>" in shown
    assert "https://elsewhere.example/" in shown


def test_it_says_that_failing_is_as_expected(client, target):
    shown = tried(client, url=target.url("/reset"), upside_down="on")
    assert "It fails, as this probe expects: The connection broke" in shown
    assert "tag ok" in shown


def test_it_signs_in_with_what_is_kept_and_shows_it_to_nobody(client, target):
    kept = {"password": "hush"}
    probe = make.probe(url=target.url("/echo"), config={"sign_in": "basic", "username": "joe"}, secrets=kept)
    path = f"/monitoring/probes/{probe.pk}/edit/"
    shown = tried(client, path, url=target.url("/echo"), sign_in="basic", username="joe")
    assert "Authorization: Basic am9lOmh1c2g=" in shown  # the server says back what it got
    assert Probe.objects.get().secrets == kept


def test_it_shows_when_the_certificate_ends(client, tmp_path):
    ours = papers.authority()
    with Target(ours.signs("server").context(tmp_path)) as secure:
        shown = tried(client, url=secure.url(), authority=ours.pem)
    assert ("<dt>Certificate</dt>" in shown, "as expected" in shown) == (True, True)


def test_it_fetches_a_token_first_and_says_why_there_is_none(client):
    refusal = ("400 Bad Request", {"error": "invalid_client", "error_description": f"{SECRET} is wrong"})
    with TokenServer(refusal) as server:
        fields = server.config(url=server.url("/api"), client_secret=SECRET)
        shown = tried(client, **fields)
        assert "The token address answered 400: invalid_client (… is wrong)." in shown
        assert "tag unknown" in shown
        assert "as expected" in tried(client, **fields)


@pytest.mark.parametrize("path", ["/bomb", "/endless", "/deep", "/garbage", "/headers", "/loop", "/drip"])
def test_it_is_not_hurt(client, target, path):
    row = {"conditions-path": "$..a", "conditions-op": "exists", "conditions-value": ""}
    assert "Nothing was saved." in tried(client, url=target.url(path), timeout="1 s", **row)
