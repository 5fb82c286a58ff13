"""The tests' own servers answer as scripted."""

import smtplib

import pytest

from opsconsole.lib.http.client import CallFailed, call
from opsconsole.lib.http.easy import Request
from tests.sinks import SmtpSink, WebhookSink

pytestmark = pytest.mark.usefixtures("loopback")
MAIL = "Subject: Hello\r\n\r\nBody\r\n"


def send(sink):
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=0.5) as client:
        client.sendmail("a@example.com", ["b@example.com"], MAIL)


def post(sink, **options):
    return call(Request(sink.url, method="POST", body=b'{"a": 1}', **options))


def test_it_takes_mail():
    with SmtpSink() as sink:
        send(sink)
        assert sink.wait(1)[0]["Subject"] == "Hello"


@pytest.mark.parametrize("answer", ["451 later", "550 nobody", "data 451 later", "hang", "drop"])
def test_it_answers_mail_as_scripted_then_takes_it(answer):
    with SmtpSink(answer) as sink:
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(sink)
        send(sink)
        assert (sink.tries, len(sink.received)) == (2, 2 if answer == "drop" else 1)


def test_it_takes_calls():
    with WebhookSink((429, {"Retry-After": "7"}, "slow down")) as sink:
        answer = post(sink)
        assert (answer.status, answer.headers["retry-after"], answer.body) == (429, "7", b"slow down")
        assert post(sink).status == 200
        assert [hook.json() for hook in sink.received] == [{"a": 1}, {"a": 1}]


@pytest.mark.parametrize("answer", ["hang", "reset", "garbage"])
def test_it_misbehaves_as_scripted(answer):
    with WebhookSink(answer) as sink, pytest.raises(CallFailed):
        post(sink, timeout=0.3)
