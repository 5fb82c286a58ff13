"""The form of an HTTP probe: conditions in rows, secrets that are kept when nothing is typed and removed when that is asked for."""

import pytest

from monitoring.probes.models import Probe
from opsconsole.ui.forms import complaints
from tests.monitoring import make
from tests.monitoring.probes import papers
from tests.monitoring.probes.test_forms import NEW, given

OURS = papers.authority()
PROBE = OURS.signs("shop-probe")
KEPT = {
    "password": "hush",
    "client_certificate": PROBE.pem,
    "client_key": PROBE.key_pem,
    "authority": OURS.pem,
}


@pytest.fixture
def client(manager, signed_in):
    return signed_in(manager)


@pytest.fixture
def probe(db):
    return make.probe(config={"sign_in": "basic", "username": "joe"}, secrets=KEPT)


def edited(client, probe, **fields):
    """Save the form as it stands, with some fields changed."""
    filled = given(probe.service, **{"sign_in": "basic", "username": "joe", "most_redirects": "10"} | fields)
    page = client.post(f"/monitoring/probes/{probe.pk}/edit/", filled)
    probe.refresh_from_db()
    return page


def test_it_keeps_conditions_in_rows(client):
    rows = {"conditions-path": ["status", "", "$.n"], "conditions-op": ["==", "==", "exists"]}
    client.post(NEW, given(make.service(), **rows, **{"conditions-value": ["ok", "", ""]}))
    probe = Probe.objects.get()
    assert [row["path"] for row in probe.config["conditions"]] == ["$.status", "$.n"]
    page = client.get(f"/monitoring/probes/{probe.pk}/edit/").text
    assert (page.count('name="conditions-path"'), 'value="$.status"' in page) == (3, True)


def test_it_says_what_is_wrong_with_a_condition_and_shows_it_again(client):
    row = {"conditions-path": "$[", "conditions-op": "<", "conditions-value": "<b>"}
    page = client.post(NEW, given(make.service(), **row))
    assert "is no JSON path" in complaints(page.context["form"]["conditions"])[0]
    assert 'value="&lt;b&gt;"' in page.text


def test_it_shows_no_secret_but_that_it_is_kept(client, probe):
    page = client.get(f"/monitoring/probes/{probe.pk}/edit/").text
    assert "PRIVATE KEY-----\n" not in page
    assert "hush" not in page
    assert "One is kept (CN=shop-probe, until " in page
    assert page.count("Remove it") == len(KEPT)


def test_it_keeps_what_is_left_empty(client, probe):
    edited(client, probe, name="Renamed")
    assert (probe.name, probe.secrets) == ("Renamed", KEPT)


def test_it_takes_what_is_typed_instead(client, probe):
    edited(client, probe, password="louder")
    assert probe.secrets == KEPT | {"password": "louder"}


def test_it_removes_what_is_ticked(client, probe):
    edited(
        client,
        probe,
        **{"authority-remove": "on", "client_certificate-remove": "on", "client_key-remove": "on"},
    )
    assert probe.secrets == {"password": "hush"}


def test_it_removes_no_key_without_its_certificate(client, probe):
    page = edited(client, probe, **{"client_key-remove": "on"})
    assert "go together" in complaints(page.context["form"]["client_key"])[0]
    assert probe.secrets == KEPT


def test_it_keeps_the_secret_of_a_client_and_shows_where_its_token_comes_from(client, probe):
    fields = {"sign_in": "oauth", "token_url": "shop.example.com/token", "client_id": "shop"}
    edited(client, probe, client_secret="hush & more", **fields)
    page = edited(client, probe, scope="read", **fields)
    assert (probe.secrets["client_secret"], probe.config["scope"]) == ("hush & more", "read")
    shown = client.get(page.url).text
    assert "from https://shop.example.com/token, as shop" in shown
    assert "hush" not in shown + client.get(f"{page.url}edit/").text


def test_it_keeps_no_password_of_a_probe_that_does_not_sign_in(client, probe):
    edited(client, probe, sign_in="none")
    assert "password" not in probe.secrets


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"sign_in": "bearer"}, "token", "Write the token"),
        ({"most_redirects": "11"}, "most_redirects", "has no such choice"),
        ({"most_redirects": "3", "redirect_to": "/x"}, "redirect_to", "follow 0 redirects"),
        ({"most_redirects": "0", "redirect_to": "/x"}, "expected_status", "A redirect answers 301 to 308"),
        ({"upside_down": "on", "latency_down_ms": "5"}, "latency_down_ms", "no speed to judge"),
        ({"method": "HEAD", "body": "x"}, "body", "carries no body"),
        (
            {"method": "HEAD", "conditions-path": "a", "conditions-op": "exists", "conditions-value": ""},
            "method",
            "no JSON",
        ),
        ({"keyword_present": "\n".join("abcdefghijklmnopqrstu")}, "keyword_present", "At most 20 lines"),
        (
            {"keyword_present": "all OK", "keyword_absent": "no\nOK"},
            "keyword_absent",
            "“OK” must be in it too",
        ),
        ({"headers": "Content-Length: 5"}, "headers", "Content-Length follows from what is sent"),
        ({"headers": "transfer-encoding: chunked"}, "headers", "transfer-encoding follows from"),
        ({"headers": f"X-A: {'y' * 9000}"}, "headers", "“X-A” is too long"),
    ],
)
def test_it_says_what_does_not_go_together(client, fields, field, says):
    page = client.post(NEW, given(make.service(), **fields))
    assert says in " ".join(complaints(page.context["form"][field]))


def test_it_shows_a_probe_as_it_was_saved_before_there_was_a_choice(client):
    probe = make.probe(config={"follow_redirects": False})
    form = client.get(f"/monitoring/probes/{probe.pk}/edit/").context["form"]
    assert (form["most_redirects"].value(), form["allow_downgrade"].value()) == (0, True)


def test_it_says_on_its_page_what_it_expects(client):
    row = {"path": "$.status", "op": "==", "value": "ok"}
    probe = make.probe(config={"upside_down": True, "conditions": [row], "most_redirects": 0})
    page = client.get(f"/monitoring/probes/{probe.pk}/").text
    for words in ("that it fails: up is whatever is not status 200-299", "$.status is ok", "not followed"):
        assert words in page


def test_it_says_on_list_and_page_that_it_is_up_because_it_fails(client, frozen, now):
    told = {
        "status": "up",
        "last_outcome": "up",
        "last_error": "It fails, as this probe expects: It answered 503.",
    }
    probe = make.probe(last_at=now, next_at=now, **told)
    for path in ("/monitoring/probes/", f"/monitoring/probes/{probe.pk}/"):
        assert "It fails, as this probe expects: It answered 503." in client.get(path).text
