"""What a ping may carry."""

import pytest

from monitoring.heartbeats.models import Ping
from tests.monitoring.heartbeats.conftest import Answer

pytestmark = pytest.mark.django_db(transaction=True)


def sent(ping, heartbeat, body: bytes, **environ) -> Answer:
    answer: Answer = ping(f"/ping/{heartbeat.key}", method="POST", body=body, **environ)
    return answer


def test_it_keeps_the_body(ping, heartbeat):
    sent(ping, heartbeat, "3 Tabellen gesichert, größte: 4 GB".encode())
    assert Ping.objects.get().body == "3 Tabellen gesichert, größte: 4 GB"


def test_it_cuts_a_long_body(ping, heartbeat):
    assert sent(ping, heartbeat, b"x" * 20_000).status == 200
    assert len(Ping.objects.get().body) == 10_000


def test_it_refuses_an_absurd_body_before_reading_it(ping, heartbeat):
    assert sent(ping, heartbeat, b"x", CONTENT_LENGTH="10000000").status == 413
    assert not Ping.objects.exists()


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a\x00b", b"\xed\xa0\x80"])
def test_it_replaces_what_cannot_be_stored(ping, heartbeat, body):
    assert sent(ping, heartbeat, body).status == 200
    assert "�" in Ping.objects.get().body


def test_it_ignores_a_body_of_unknown_length_that_the_server_does_not_end(ping, heartbeat):
    assert sent(ping, heartbeat, b"chunk", CONTENT_LENGTH="").status == 200
    assert Ping.objects.get().body == ""


def test_it_reads_a_chunked_body_that_the_server_ends(ping, heartbeat):
    sent(ping, heartbeat, b"chunk", **{"CONTENT_LENGTH": "", "wsgi.input_terminated": True})
    assert Ping.objects.get().body == "chunk"


@pytest.mark.parametrize(("size", "code", "kept"), [(1_000_000, 200, [10_000]), (1_000_001, 413, [])])
def test_it_says_the_same_of_a_chunked_body(ping, heartbeat, size, code, kept):
    chunked = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    assert sent(ping, heartbeat, b"x" * size, **chunked).status == code
    assert [len(one.body) for one in Ping.objects.all()] == kept


def test_it_cuts_a_long_user_agent(ping, heartbeat):
    sent(ping, heartbeat, b"", HTTP_USER_AGENT="u" * 500)
    assert len(Ping.objects.get().ua) == 200


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("198.51.100.66, 203.0.113.9", "203.0.113.9"),  # the first was made up by the job
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("nonsense", "192.0.2.7"),
    ],
)
def test_it_believes_a_proxy_where_there_is_one(ping, heartbeat, settings, named, kept):
    settings.OPSCONSOLE_PROXIES = 1
    sent(ping, heartbeat, b"", HTTP_X_FORWARDED_FOR=named)
    assert Ping.objects.get().ip == kept


def test_it_believes_nobody_where_there_is_none(ping, heartbeat):
    sent(ping, heartbeat, b"", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert Ping.objects.get().ip == "192.0.2.7"
