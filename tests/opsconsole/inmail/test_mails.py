"""Raw MIME, good, odd and hostile."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.inmail.mails import Mail, Unreadable, is_identified, parsed
from tests.opsconsole.inmail.conftest import MAIL

AT = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
HEAD = b"From: a@example.com\nTo: b@example.com\n"


def read(raw: bytes, *envelope: str) -> Mail:
    return parsed(raw, envelope, AT)


def test_it_reads_a_mail():
    mail = read(MAIL)
    assert (mail.sender, mail.subject, mail.text, mail.message_id) == (
        "root@host.example.com",
        "Grüße",
        "12 tables",
        "<1@host>",
    )
    assert mail.recipients == ("jobs@example.com", "b@example.com")


def test_it_believes_the_mail_server_about_recipients():
    assert read(MAIL, "Key@example.com").recipients == ("key@example.com",)


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        (b"Content-Type: text/html\n\n<p>all <b>done</b></p>", "all done"),
        (
            b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOfZQ==",
            "Grüße",
        ),
        (b"Content-Type: text/plain; charset=nonsense\n\nhello", "hello"),
        (b"Content-Type: image/png\n\nx", ""),
        (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x--", "first"),
        (b"\na\x00b", "a�b"),
    ],
)
def test_it_finds_the_text(tail, text):
    assert read(HEAD + tail).text == text


@pytest.mark.parametrize("raw", [b"no mail at all", b"\x00\xff", b"Subject: x\n\nnobody", b"\n"])
def test_it_says_what_cannot_be_read(raw):
    with pytest.raises(Unreadable):
        read(raw)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", HEAD, HEAD + b"Content-Type: multipart/mixed; boundary=", b"From: ", b"Subject: =?utf-8?b?"]
    ),
)
def test_it_never_breaks(tail, head):
    try:
        mail = read(head + tail)
    except Unreadable:
        return
    assert "\x00" not in mail.subject + mail.text + mail.sender + "".join(mail.recipients)


def test_it_finds_an_id_in_the_head_only():
    assert is_identified(MAIL)
    assert not is_identified(HEAD + b"\nMessage-ID: <1@host>")
