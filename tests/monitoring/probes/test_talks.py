"""Conversations beside libcurl's transfers: each ends by its deadline, whatever it does, and no mistake takes others along."""

import itertools
import select
import socket
import threading
import time

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.asking import Failed, OutOfTime, Wait, names
from monitoring.probes.engine.network import STOOD_STILL, Network
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Talk, Verdict
from monitoring.probes.states import Rules, Standing


def run(converse, timeout=0.2) -> Run:
    talk = Talk(converse, lambda _answer: Verdict(Status.UP), "shop.example.com", timeout)
    return Run(1, 1, "", 1, Rules(1, 1, 1, 1, 1), Standing(), "", None, None, 0, 0, target=talk)


@pytest.fixture
def network():
    made = Network()
    yield made
    made.close()


def answers(network, *runs):
    """All of them, at the same time."""
    for one in runs:
        network.start(one, 0)
    done: list[Run] = []
    while len(done) < len(runs):
        done += network.poll(1.0)
    return [one.answer for one in runs]


def never(call):
    yield Wait(-1, 0)


def stubborn(call):
    while True:
        try:
            yield Wait(-1, 0)
        except OutOfTime:
            continue


def broken(call):
    yield Wait(-1, 0, 0)
    raise ZeroDivisionError


def refused(call):
    yield Wait(-1, 0, 0)
    raise Failed("It would not.")


@pytest.mark.parametrize(
    ("converse", "problem", "ours"),
    [
        (never, "No complete answer in time (200 ms)", ""),
        (stubborn, "No complete answer in time (200 ms)", ""),
        (refused, "It would not.", ""),
        (broken, "The console failed to ask: ", "The console failed to ask: "),
    ],
)
def test_it_says_how_it_ended(network, converse, problem, ours):
    begun = time.monotonic()
    (answer,) = answers(network, run(converse))
    assert (answer.problem, answer.ours, answer.reached) == (problem, ours, False)
    assert time.monotonic() - begun < 0.5


def test_it_waits_for_a_part_of_the_time(network):
    came = []

    def twice(call):
        came.append((yield Wait(-1, 0, 0.01)))
        came.append((yield Wait(-1, 0, 0.01)))

    (answer,) = answers(network, run(twice))
    assert (came, answer.error) == ([False, False], 0)
    assert 20 <= answer.ms < 150


def test_it_goes_on_when_something_comes(network):
    ours, theirs = socket.socketpair()
    theirs.send(b"!")

    def listen(call):
        call.answer.reached = yield Wait(ours.fileno(), select.EPOLLIN)

    (answer,) = answers(network, run(listen, timeout=5))
    assert (answer.reached, answer.error) == (True, 0)


def test_it_delays_nobody_who_answers(network):
    def quick(call):
        yield Wait(-1, 0, 0.01)

    hanging = [run(never, timeout=0.4) for _ in range(200)]
    begun = time.monotonic()
    for one in hanging:
        network.start(one, 0)
    network.start(run(quick), 0)
    while not (done := network.poll(1.0)):
        pass
    assert (done[0].answer.error, time.monotonic() - begun < 0.3) == (0, True)
    assert len(network.drop()) == 200


def test_it_blames_itself_for_what_failed_while_it_stood_still(network):
    late = run(never)
    network.start(late, 0)
    network.void()
    while not network.poll(1.0):
        pass
    assert late.answer.ours == STOOD_STILL


def test_it_looks_a_hanging_name_up_once(network, monkeypatch):
    asked, go = itertools.count(), threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (next(asked), go.wait(5), [])[2])

    def look(call):
        yield from names.look_up("slow.example.com", 80)

    found = answers(network, *(run(look) for _ in range(30)))
    go.set()
    assert (next(asked), {answer.problem for answer in found}) == (1, {"No complete answer in time (200 ms)"})


def test_it_says_that_a_name_has_no_address(network, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    def look(call):
        yield from names.look_up("nowhere.example.com", 80)

    (answer,) = answers(network, run(look))
    assert (answer.problem, answer.reached) == ("The host name nowhere.example.com has no address", False)


def test_it_waits_for_so_many_names_and_no_more(network, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(names, "MOST", 3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (go.wait(5), [])[1])

    def look(n):
        return lambda call: names.look_up(f"{n}.example.com", 80)

    found = answers(network, *(run(look(n)) for n in range(4)))
    go.set()
    assert [bool(answer.ours) for answer in found] == [False, False, False, True]
