"""Mail, spoken with a real server."""

import asyncio
import re
import socket
import threading
import time
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP

from opsconsole.lib import smtp
from opsconsole.outbox.transports.base import PATIENT, TransportError, transports
from opsconsole.outbox.transports.email import EmailForm, verdict
from tests.opsconsole.make import outgoing
from tests.sinks import SmtpSink


@pytest.fixture
def post(settings):
    """`post(sink)` sends one mail through the sink and returns what the transport says."""
    settings.OPSCONSOLE_URL = "https://ops.example.com"
    settings.EMAIL_TIMEOUT = 0.5

    def send(sink, **fields):
        settings.EMAIL_URL = sink.url
        return transports["email"].send(outgoing({"address": "ops@example.com"}, **fields))

    return send


def refused(post, sink):
    with pytest.raises(TransportError) as caught:
        post(sink)
    return caught.value


def test_it_sends_text_and_html(post):
    with SmtpSink() as sink:
        receipt = post(sink)
        mail = sink.received[0]
    assert receipt.detail == "250 2.0.0 Taken"
    assert (mail["To"], mail["Subject"]) == ("ops@example.com", "API is down")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_it_says_that_a_machine_wrote_it(post):
    with SmtpSink() as sink:
        post(sink)
    assert sink.received[0]["Auto-Submitted"] == "auto-generated"


def test_it_has_the_same_message_id_on_every_attempt(post):
    uuid = UUID("0b0e6fb8-0000-4000-8000-000000000001")
    with SmtpSink() as sink:
        post(sink, uuid=uuid)
        post(sink, uuid=uuid)
    assert {mail["Message-ID"] for mail in sink.received} == {f"<{uuid}@ops.example.com>"}


def test_it_threads_what_has_one_cause(post):
    with SmtpSink() as sink:
        post(sink)
        post(sink, subject="API is up")
    assert {mail["References"] for mail in sink.received} == {"<incidents.7@ops.example.com>"}


def test_it_sends_plain_text_alone(post):
    with SmtpSink() as sink:
        post(sink, html="")
    assert sink.received[0].get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("answer", "permanent", "said"),
    [
        ("451 4.3.0 Try later", False, "451 4.3.0 Try later"),
        ("550 5.1.1 No such user", True, "550 5.1.1 No such user"),
        ("550 no such user here", True, "550 no such user here"),
        ("554 5.7.1 Relay access denied", False, "Relay access denied"),
        ("530 5.7.0 Sign in first", False, "Sign in first"),
        ("421 4.3.2 Shutting down", False, "421 4.3.2 Shutting down"),
        ("data 451 4.7.1 Greylisted", False, "Greylisted"),
        ("data 554 5.6.0 Content refused", False, "Content refused"),
        ("data 550 5.1.1 No such user", True, "No such user"),
        ("hang", False, "did not answer in time"),
        ("drop", False, "closed the connection"),
    ],
)
def test_it_tells_what_may_be_mended_from_what_may_not(post, answer, permanent, said):
    with SmtpSink(answer) as sink:
        error = refused(post, sink)
    assert said in str(error)
    assert error.permanent is permanent


def test_it_waits_for_a_server_that_is_away(post, settings):
    with SmtpSink() as sink:
        pass
    error = refused(post, sink)
    assert "could not be reached" in str(error)
    assert not error.permanent


def test_it_says_when_mail_is_not_set_up(settings):
    settings.EMAIL_URL = ""
    with pytest.raises(TransportError, match="Mail is not set up: set EMAIL_URL") as caught:
        transports["email"].send(outgoing({"address": "ops@example.com"}))
    assert not caught.value.permanent
    assert "EMAIL_URL" in transports["email"].missing()


def test_it_counts_as_sent_when_the_server_forgets_to_say_good_bye(post, monkeypatch):
    async def quit_late(self, arg):
        await asyncio.sleep(60)

    monkeypatch.setattr(SMTP, "smtp_QUIT", quit_late)
    with SmtpSink() as sink:
        assert post(sink).detail == "250 2.0.0 Taken"


def test_it_hangs_up_on_a_server_that_drips(post, settings, monkeypatch):
    monkeypatch.setattr(smtp, "IN_ALL", 0.3)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        there, _ = listener.accept()
        while True:
            try:
                there.sendall(b"2")
            except OSError:
                return
            time.sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    settings.EMAIL_TIMEOUT = 5
    start = time.perf_counter()
    with pytest.raises(TransportError):
        transports["email"].send(outgoing({"address": "ops@example.com"}))
    assert time.perf_counter() - start < 2
    listener.close()


@pytest.mark.parametrize("kind", [smtp.Punctual, smtp.PunctualSSL])
def test_it_begins_no_conversation_when_the_time_is_over(monkeypatch, kind):
    ours, theirs = socket.socketpair()
    for client in ("SMTP", "SMTP_SSL"):
        monkeypatch.setattr(f"smtplib.{client}._get_socket", lambda *_: ours)
    late = kind()
    late._hang_up()
    with pytest.raises(TimeoutError):
        late.connect("mail.example.com")
    late.close()
    assert theirs.recv(1) == b"", "the line is closed"


@pytest.mark.parametrize(
    ("error", "said", "permanent"),
    [
        (SMTPAuthenticationError(535, b"5.7.8 Bad\r\nkey"), "refused our sign-in: 535 5.7.8 Bad key", False),
        (SMTPSenderRefused(550, b"5.7.1 Not you", "a@b"), "answered 550 5.7.1 Not you", False),
        (SMTPDataError(552, b"5.3.4 Too big"), "answered 552", False),
        (SMTPRecipientsRefused({"a": (553, b"Bad name")}), "refused the address: 553", True),
        (ConnectionRefusedError(111, "Connection refused"), "could not be reached", False),
    ],
)
def test_it_says_whose_fault_it_is(error, said, permanent):
    found = verdict(error)
    assert said in str(found)
    assert found.permanent is permanent


def test_it_takes_one_address():
    assert EmailForm({"address": "ops@example.com"}).is_valid()
    form = EmailForm({"address": "ops@example.com, boss@example.com"})
    assert form.errors == {"address": ["Write one mail address, such as ops@example.com."]}


def test_it_is_patient_for_75_hours():
    hours = sum(wait.total_seconds() for wait in PATIENT) / 3600
    assert 74 < hours < 76


def test_it_speaks_through_tls_when_asked(monkeypatch):
    found: Any = smtp.backend("smtp+tls://me:p%40ss@mail.example.com", timeout=1)
    assert (found.host, found.port, found.username, found.password, found.use_tls) == (
        "mail.example.com",
        587,
        "me",
        "p@ss",
        True,
    )
    tunnel: Any = smtp.backend("smtp+ssl://mail.example.com", timeout=1)
    assert tunnel.port == 465


def test_it_knows_the_other_ways_of_django():
    assert "console" in type(smtp.backend("consolemail://", timeout=1)).__module__


def test_it_shows_answers_on_one_line():
    assert re.fullmatch(r"5\.1\.1 No such user", smtp.words(b"5.1.1 No\r\nsuch\x00 user"))
