"""HTTP probes against real servers on loopback: signing in, authorities, redirects, JSON, and answers meant to hurt."""

from urllib.parse import quote

import pytest
from django.conf import settings

from monitoring.probes.models import Bucket, Failure, Size
from tests.monitoring.probes import papers
from tests.monitoring.probes.servers import Target, self_signed
from tests.monitoring.probes.test_run_http import run

pytestmark = pytest.mark.usefixtures("db", "loopback")


@pytest.fixture(scope="module")
def ours():
    return papers.authority()


@pytest.fixture
def secure(ours, tmp_path):
    with Target(ours.signs("server").context(tmp_path)) as served:
        yield served


def test_it_signs_in_with_name_and_password(target, now):
    config = {"sign_in": "basic", "username": "joe", "keyword_present": "Authorization: Basic am9lOmh1c2g="}
    assert run(target.url("/echo"), now, config=config, secrets={"password": "hush"}).status == "up"


def test_it_sends_json_as_such(target, now):
    config = {
        "method": "POST",
        "body_kind": "json",
        "body": "{}",
        "keyword_present": "Content-Type: application/json",
    }
    assert run(target.url("/echo"), now, config=config).status == "up"


def test_it_trusts_an_authority_of_ones_own_in_that_probe_alone(secure, ours, now):
    for name, secrets, status in (
        ("Ours", {"authority": ours.pem}, "up"),
        ("Without", {}, "down"),
        ("Another", {"authority": papers.authority().pem}, "down"),
    ):
        assert run(secure.url(), now, name=name, secrets=secrets).status == status


def test_it_shows_its_certificate_in_that_probe_alone(ours, tmp_path, now):
    shown = ours.signs("probe")
    secrets = {"authority": ours.pem, "client_certificate": shown.pem, "client_key": shown.key_pem}
    with Target(ours.signs("server").context(tmp_path, trusted=ours)) as strict:
        assert run(strict.url(), now, name="With", secrets=secrets).status == "up"
        assert run(strict.url(), now, name="Without", secrets={"authority": ours.pem}).status == "down"


@pytest.mark.parametrize("days", [-1, 90])
def test_it_takes_no_certificate_that_is_over_or_signed_by_nobody(tmp_path, now, days):
    with Target(self_signed(tmp_path, days)) as served:
        probe = run(served.url(), now)
        assert run(served.url(), now, name="Lenient", config={"verify_tls": False}).status == "up"
    assert (probe.status, probe.last_error[:30]) == ("down", "The certificate is not trusted")


@pytest.mark.parametrize(
    ("config", "status", "says"),
    [
        ({"most_redirects": 1}, "up", ""),
        ({"most_redirects": 0, "expected_status": "302"}, "up", ""),
        ({"most_redirects": 0, "expected_status": "302", "redirect_to": "/ok"}, "up", ""),
        (
            {"most_redirects": 0, "expected_status": "302", "redirect_to": "/cart"},
            "down",
            "It leads to http://127.0.0.1:",
        ),
        ({"most_redirects": 0}, "down", "It answered 302; expected is 200-299."),
    ],
)
def test_it_follows_or_judges_a_redirect(target, now, config, status, says):
    probe = run(target.url(f"/to/{target.url()}"), now, config=config)
    assert (probe.status, probe.last_error.startswith(says)) == (status, True)


def test_it_follows_so_many_and_no_more(target, now):
    twice = target.url(f"/to/{target.url(f'/to/{target.url()}')}")
    assert run(twice, now, config={"most_redirects": 2}).status == "up"
    assert "Too many redirects" in run(twice, now, name="One", config={"most_redirects": 1}).last_error


def test_it_is_not_led_from_https_to_http(secure, target, ours, now):
    url, secrets = secure.url(f"/to/{target.url()}"), {"authority": ours.pem}
    probe = run(url, now, secrets=secrets, config={"allow_downgrade": False})
    assert (probe.status, probe.last_error) == ("down", "It leads from https to http, which is not followed")
    assert run(url, now, name="Allowed", secrets=secrets, config={"allow_downgrade": True}).status == "up"
    assert run(url, now, name="As saved before", secrets=secrets).status == "up"


def test_it_is_not_led_to_a_private_address(target, now, monkeypatch):
    monkeypatch.setattr(settings, "OPSCONSOLE_ALLOWED_NETWORKS", ["127.0.0.1/32"])
    probe = run(target.url("/to/http://127.0.0.2:1/"), now)
    assert (probe.status, "127.0.0.2 is a private address" in probe.last_error) == ("unknown", True)


def test_it_signs_in_at_no_other_host_that_it_is_led_to(target, now):
    config = {"sign_in": "bearer", "keyword_absent": "hush\nsecret"}
    secrets = {"token": "hush", "headers": {"Cookie": "a=secret"}}
    with Target() as other:
        probe = run(target.url(f"/to/{other.url('/echo')}"), now, config=config, secrets=secrets)
        assert (probe.status, other.asked) == ("up", {"/echo": 1})


def test_it_reads_json(target, now):
    config = {"conditions": [{"path": "$.queue", "op": "<=", "value": "100"}]}
    probe = run(target.url("/json/" + quote('{"queue": 120}')), now, config=config)
    assert probe.last_error == "$.queue is 120; expected is that it is at most 100."


@pytest.mark.parametrize(
    ("path", "config", "status", "says"),
    [
        ("/endless", {}, "up", ""),
        ("/bomb", {}, "up", ""),
        ("/bomb", {"keyword_present": "word"}, "down", "The answer does not contain “word”."),
        (
            "/endless",
            {"conditions": [{"path": "$", "op": "exists", "value": ""}]},
            "unknown",
            "The answer is too long",
        ),
        (
            "/deep",
            {"conditions": [{"path": "$", "op": "exists", "value": ""}]},
            "unknown",
            "The JSON is nested too",
        ),
        (
            "/json/%00%5B",
            {"conditions": [{"path": "$", "op": "exists", "value": ""}]},
            "down",
            "The answer is no JSON",
        ),
    ],
)
def test_it_is_not_hurt(target, now, path, config, status, says):
    probe = run(target.url(path), now, config=config, timeout=30)
    assert (probe.status, probe.last_error.startswith(says)) == (status, True), probe.last_error


def test_it_is_up_while_nothing_listens_if_that_is_expected(target, now):
    target.close()
    probe = run(target.url(), now, config={"upside_down": True})
    assert (probe.status, probe.last_error[:34]) == ("up", "It fails, as this probe expects: N")
    assert not Failure.objects.exists()


def test_it_takes_no_failure_that_is_wanted_for_a_fast_answer(target, now):
    run(target.url("/reset"), now, config={"upside_down": True})
    run(target.url("/status/503"), now, name="Refusing", config={"upside_down": True})
    told = {bucket.probe.name: bool(bucket.histogram) for bucket in Bucket.objects.filter(size=Size.MINUTE)}
    assert told == {"Front page": False, "Refusing": True}
