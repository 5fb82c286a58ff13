"""What a TCP probe finds at real servers on loopback: good, bad and hostile."""

import socket
import struct
import time

import pytest

from monitoring.probes.engine.batch import run_once
from monitoring.probes.kinds.tcp import unescaped
from monitoring.probes.models import Failure, Probe
from tests.monitoring import make
from tests.monitoring.probes.servers import Scripted, self_signed

pytestmark = pytest.mark.usefixtures("db", "loopback")


def run(port: int, now, **config) -> Probe:
    """Run one TCP probe once and return it as stored."""
    config = {"host": "127.0.0.1", "port": port} | config
    probe = make.probe(kind="tcp", next_at=now, failure_threshold=1, timeout=1, config=config)
    assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


def redis(connection: socket.socket) -> None:
    connection.sendall(b"+PONG\r\n" if connection.recv(100) == b"PING\r\n" else b"-ERR\r\n")


def hang(connection: socket.socket) -> None:
    connection.recv(100)
    time.sleep(5)


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b".")
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 65_536)


def reset(connection: socket.socket) -> None:
    connection.recv(100)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_it_finds_a_port_that_accepts(now):
    with Scripted(hang) as served:
        probe = run(served.port, now)
    assert (probe.status, probe.last_error, probe.last_code) == ("up", "", None)
    assert probe.last_ms is not None


def test_it_says_that_nothing_listens(now):
    with Scripted(hang) as served:
        pass
    probe = run(served.port, now)
    assert (probe.status, probe.last_error) == (
        "down",
        f"Nothing accepts connections at 127.0.0.1:{served.port}",
    )


def test_it_hears_what_it_expects(now):
    with Scripted(redis) as served:
        assert run(served.port, now, send=r"PING\r\n", expect="+PONG").status == "up"


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (redis, "The answer does not contain “+PONG”."),
        (hang, "No complete answer in time (1 s)"),
        (drip, "The answer does not contain “+PONG”."),
        (endless, "The answer does not contain “+PONG”."),
        (reset, "The connection broke while reading (connection reset by peer)"),
    ],
)
def test_it_says_what_it_heard_instead(now, act, says):
    begun = time.monotonic()
    with Scripted(act) as served:
        probe = run(served.port, now, send="HELLO", expect="+PONG")
    assert (probe.status, probe.last_error) == ("down", says)
    assert time.monotonic() - begun < 4


def test_it_keeps_what_came_back(now):
    with Scripted(redis) as served:
        run(served.port, now, send="HELLO", expect="+PONG")
    assert Failure.objects.get().body == "-ERR\r\n"


def test_it_speaks_tls(now, tmp_path):
    with Scripted(redis, tls=self_signed(tmp_path)) as served:
        config = {"tls": True, "send": r"PING\r\n", "expect": "+PONG"}
        assert run(served.port, now, verify_tls=False, **config).status == "up"
        Probe.objects.all().delete()
        assert "not trusted (self-signed certificate)" in run(served.port, now, **config).last_error


def test_it_says_that_a_handshake_failed(now):
    with Scripted(redis) as served:
        assert run(served.port, now, tls=True).last_error.startswith("The TLS handshake failed (")


def test_it_ends_a_handshake_that_hangs(now):
    with Scripted(hang) as served:
        assert run(served.port, now, tls=True).last_error == "No complete answer in time (1 s)"


def test_it_goes_to_no_private_address(now, settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    with Scripted(redis) as served:
        probe = run(served.port, now)
    assert (probe.status, "OPSCONSOLE_ALLOWED_NETWORKS" in probe.last_error) == ("unknown", True)


def test_it_runs_hundreds_while_some_hang(now):
    with Scripted(redis) as good, Scripted(hang) as bad:
        for n in range(200):
            config = {"host": "127.0.0.1", "port": bad.port if n % 20 == 0 else good.port}
            said = {"send": r"PING\r\n", "expect": "+PONG"}
            make.probe(f"P{n}", kind="tcp", next_at=now, timeout=3, config=config | said)
        begun = time.monotonic()
        assert run_once(now) == 200
    assert time.monotonic() - begun < 15
    assert Probe.objects.filter(status="up").count() == 190


@pytest.mark.parametrize(
    ("text", "sent"),
    [(r"PING\r\n", b"PING\r\n"), (r"\x00\xff", b"\x00\xff"), (r"a\\n \q", rb"a\n \q"), ("ü", "ü".encode())],
)
def test_it_sends_any_byte(text, sent):
    assert unescaped(text) == sent
