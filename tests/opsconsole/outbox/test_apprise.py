"""The long tail, in a process of its own that may call what the console may call, and nothing else."""

import json
import subprocess
from contextlib import suppress
from typing import Any

import pytest

from opsconsole.outbox.errand import Warden
from opsconsole.outbox.transports import longtail
from opsconsole.outbox.transports.base import TransportError, transports
from opsconsole.outbox.transports.longtail import AppriseForm
from tests.opsconsole.make import outgoing
from tests.sinks import SmtpSink, WebhookSink

KEY = "s3cr3tkey"


def post(url, **fields):
    return transports["apprise"].send(outgoing({"url": url, "service": "JSON"}, **fields))


def address(sink, scheme="json", more=""):
    return f"{sink.url.replace('http:', f'{scheme}:')}/{KEY}{more}"


def refused(url):
    with pytest.raises(TransportError) as caught:
        post(url)
    return caught.value


@pytest.mark.usefixtures("loopback")
def test_it_sends_title_and_text():
    with WebhookSink() as sink:
        receipt = post(
            address(sink), data={"severity": "P0", "status": "open", "acknowledge_url": "https://x/a/1"}
        )
    sent = sink.received[0].json()
    assert (sent["title"], sent["message"], sent["type"]) == ("API is down", "It answers 502.", "failure")
    assert receipt.detail == "JSON took it"


@pytest.mark.usefixtures("loopback")
def test_it_sends_mail():
    with SmtpSink() as sink:
        post(f"mailto://127.0.0.1:{sink.port}/?from=a@example.com&to=ops@example.com")
    assert sink.received[0]["Subject"] == "API is down"


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("answer", [400, 404, 429, 500, "garbage", "reset"])
def test_it_is_tried_again_when_the_service_does_not_take_it(answer):
    with WebhookSink(*[answer] * 3) as sink:
        error = refused(address(sink))
    assert not error.permanent
    assert KEY not in str(error)
    assert len(str(error)) > 10


@pytest.mark.usefixtures("loopback")
def test_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(longtail, "IN_ALL", 2)
    with WebhookSink("hang") as sink:
        error = refused(address(sink, more="?rto=30"))
    assert "in time" in str(error)


def test_it_refuses_a_private_address_for_good():
    with WebhookSink() as sink:
        error = refused(address(sink))
        assert not sink.received
    assert "private address" in str(error)
    assert error.permanent


def test_it_follows_no_redirect_into_the_private_network(settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with WebhookSink((307, {"Location": "http://127.0.0.2:9/"})) as sink:
        error = refused(address(sink))
    assert "127.0.0.2 is a private address" in str(error)


@pytest.mark.usefixtures("loopback")
def test_it_reads_no_file_of_this_machine(tmp_path):
    secret = tmp_path / "card.json"
    secret.write_text('{"text": "of this machine"}')
    with WebhookSink() as sink:
        url = f"workflow://127.0.0.1:{sink.url.split(':')[2].split('/')[0]}/WORKFLOWID123/SIGNATURE1234567?template={secret}"
        with suppress(TransportError):
            post(url)
        assert not any(b"of this machine" in got.body for got in sink.received)


def test_it_gives_nothing_of_our_environment_away(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    assert set(longtail._poor()) == {"PATH", "LANG", "HOME"}


def test_it_passes_the_address_by_no_command_line(monkeypatch):
    asked: dict[str, Any] = {}

    def run(command, **options):
        asked.update(command=command, told=json.loads(options["input"]))
        raise OSError

    monkeypatch.setattr(subprocess, "run", run)
    assert "ended without an answer" in str(refused("json://example.com/k"))
    assert "example.com" not in str(asked["command"])
    assert asked["told"]["url"] == "json://example.com/k"


@pytest.mark.parametrize("answer", [b"", b"[]", b"no json"])
def test_it_says_when_apprise_answers_nothing_sensible(monkeypatch, answer):
    done = type("Done", (), {"stdout": answer})
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert "ended without an answer" in str(refused("json://example.com/k"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hello", "Apprise knows no service"),
        ("https://", "Apprise knows no service"),
        ("tgram://x", "Apprise knows no service"),
        ("file:///etc/passwd", "Apprise knows no service"),
        ("mqtt://localhost/topic", "Apprise knows no service"),
        ("rsyslog://localhost", "neither HTTP nor SMTP"),
    ],
)
def test_it_says_on_its_form_what_is_wrong(url, said):
    assert said in AppriseForm({"url": url}).errors["url"][0]


def test_it_keeps_which_service_it_is():
    form = AppriseForm({"url": f"gotify://gotify.example.com/{KEY}0123456"})
    assert form.is_valid()
    assert form.config()["service"] == "Gotify"
    assert transports["apprise"].target(form.config()) == "Gotify"


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, ("10.0.0.1", 80))),
        ("socket.connect", (None, ("example.com", 80))),
        ("socket.connect", (None, "/run/dbus/system_bus_socket")),
        ("socket.connect", (None, ("::ffff:127.0.0.1", 80, 0, 0))),
        ("socket.sendto", (None, ("93.184.216.34", 514))),
        ("socket.sendmsg", (None, ("93.184.216.34", 514))),
        ("open", ("/etc/passwd", "r", 0)),
        ("subprocess.Popen", ("sh", ["sh"], None, None)),
        ("os.system", (b"true",)),
        ("syslog.syslog", (6, "x")),
    ],
)
def test_it_holds_a_service_to_what_it_may_do(event, args):
    with pytest.raises(PermissionError):
        Warden([])(event, args)


def test_it_lets_a_service_call_a_public_address():
    Warden([])("socket.connect", (None, ("93.184.216.34", 443)))
