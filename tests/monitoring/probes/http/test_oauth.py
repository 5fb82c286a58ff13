"""Probes that sign in by OAuth2: a token for all who share the credentials, kept, and fetched anew when it is over."""

import time

import pytest

from monitoring.probes.engine.network import Network
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Target
from monitoring.probes.kinds.http.config import clean
from monitoring.probes.kinds.http.requests import target as made
from monitoring.probes.models import Failure
from opsconsole.lib.http.guard import networks
from tests.monitoring.probes.test_run_http import run
from tests.monitoring.probes.tokens import SECRET, TokenServer

KEPT = {"client_secret": SECRET}


@pytest.fixture
def server():
    with TokenServer() as served:
        yield served


@pytest.fixture
def network(loopback):
    network = Network(networks(("127.0.0.0/8",)))
    yield network
    network.close()


def signed(server, path="/api", **config) -> Target:
    config, kept = clean({"url": server.url(path)} | server.config(**config), KEPT)
    return made(config, kept, 2.0)


def asked(network, *targets) -> list[Run]:
    """Each of them once, together."""
    runs = [Run.alone(one) for one in targets]
    for one in runs:
        network.start(one, 0)
    done: list[Run] = []
    ends = time.monotonic() + 8
    while len(done) < len(runs):
        assert time.monotonic() < ends
        done += network.poll(0.2)
    return done


def codes(runs) -> list[int]:
    return [one.answer.code for one in runs]


def test_it_signs_in_with_the_token_that_it_fetched(server, db, loopback, now):
    probe = run(server.url("/api"), now, config=server.config(scope="read"), secrets=KEPT)
    assert (probe.status, probe.last_code) == ("up", 200)
    assert server.given == [
        {"grant_type": "client_credentials", "scope": "read", "basic": f"shop:{SECRET}"},
    ]


def test_it_sends_the_secret_in_the_body_where_that_is_wanted(server, network):
    asked(network, signed(server, client_auth="body", audience="api"))
    assert server.given == [
        {
            "grant_type": "client_credentials",
            "audience": "api",
            "client_id": "shop",
            "client_secret": SECRET,
        }
    ]


def test_it_shares_one_token_among_all_who_want_it_at_once_and_later(server, network):
    assert codes(asked(network, *[signed(server) for _ in range(20)])) == [200] * 20
    assert codes(asked(network, signed(server))) == [200]
    assert server.asked == {"/token": 1, "/api": 21}


def test_it_does_not_share_it_with_other_credentials(server, network):
    asked(network, signed(server), signed(server, scope="write"))
    assert server.asked["/token"] == 2


def test_it_fetches_another_shortly_before_the_end(server, network):
    server.seconds, steady = 100, [0.0]
    network.tokens.steady = lambda: steady[0]
    for steady[0] in (0.0, 74.0, 76.0):
        asked(network, signed(server))
    assert (server.asked["/token"], codes(asked(network, signed(server)))) == (2, [200])


@pytest.mark.parametrize("seconds", [0, -5, "0", True])
def test_it_keeps_no_token_that_is_over_at_once(server, network, seconds):
    server.seconds = seconds
    assert codes(asked(network, signed(server)) + asked(network, signed(server, scope=""))) == [200, 200]


def test_it_goes_once_again_where_a_kept_token_is_refused(server, network):
    asked(network, signed(server))
    server.revoke()
    assert codes(asked(network, *[signed(server) for _ in range(5)])) == [200] * 5
    assert server.asked["/token"] == 2


def test_it_goes_again_once_only(server, network):
    endless = signed(server, "/status/401")
    assert codes(asked(network, endless)) == [401]
    assert codes(asked(network, endless)) == [401]
    assert server.asked == {"/token": 2, "/status/401": 3}


def test_it_is_down_where_a_new_token_is_refused(server, db, loopback, now):
    probe = run(server.url("/status/401"), now, config=server.config(), secrets=KEPT)
    assert (probe.status, probe.last_error) == ("down", "It answered 401; expected is 200-299.")


def test_it_is_not_measured_without_a_token_and_says_why(db, loopback, now):
    with TokenServer(("400 Bad Request", {"error": "invalid_client"})) as server:
        probe = run(server.url("/api"), now, config=server.config(), secrets=KEPT)
    assert (probe.status, probe.last_code) == ("unknown", None)
    assert probe.last_error == "The token address answered 400: invalid_client."
    assert ("/api" in server.asked, Failure.objects.exists()) == (False, False)


def test_it_is_not_measured_where_nobody_gives_tokens(server, db, loopback, now):
    config = server.config(token_url="http://127.0.0.1:1/")
    probe = run(server.url("/api"), now, config=config, secrets=KEPT)
    assert (probe.status, probe.last_error) == (
        "unknown",
        "The token address was not reached: Nothing accepts connections at 127.0.0.1:1",
    )


def test_it_asks_for_no_token_at_a_private_address(server, db, now):
    probe = run(server.url("/api"), now, config=server.config(), secrets=KEPT)
    assert (probe.status, server.asked) == ("unknown", {})
    assert "127.0.0.1 is a private address" in probe.last_error


def test_it_does_not_ask_again_at_once_who_gave_none(network):
    with TokenServer(*[("503 Busy", b"<html>")] * 2) as server:
        for _ in range(3):
            assert asked(network, signed(server))[0].answer.ours == "The token address answered 503."
        assert server.asked == {"/token": 1}


def test_it_delays_nobody_while_the_token_address_hangs(network, target):
    given = {"url": target.url(), "sign_in": "oauth", "token_url": target.url("/hang"), "client_id": "a"}
    hanging = made(*clean(given, KEPT), 2.0)
    waits, others = Run.alone(hanging), [Run.alone(made({"url": target.url()}, {}, 2.0)) for _ in range(20)]
    begun = time.monotonic()
    for one in (waits, *others):
        network.start(one, 0)
    done: list[Run] = []
    while len(done) < 20:
        done += network.poll(0.2)
    assert (codes(done), time.monotonic() - begun < 2) == ([200] * 20, True)
    assert network.drop() == [waits]
