"""One question by itself, for who waits for its answer on a page."""

import select
import time

import pycurl
from django.conf import settings

from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.slots import Slot
from monitoring.probes.engine.talks import Talks
from monitoring.probes.engine.tokens import asks
from monitoring.probes.kinds import Answer, NoToken, Talk, Target
from opsconsole.lib.http.easy import Capture
from opsconsole.lib.http.guard import networks, permitted


def _permits(host: str) -> bool:
    return permitted(host, networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)))


def fetch(target: Target) -> tuple[Answer, dict[str, str]]:
    """What an address answers, and its headers by lower-case name, within the time-out of its request.

    A target that wants a token gets a new one, so that the credentials are tried too.
    """
    if target.sign_in is not None:
        try:
            target = target.signed(target.sign_in.read(_fetched(asks(target.sign_in))[0]).header)
        except NoToken as error:
            return Answer(error=1, ours=str(error)), {}
    return _fetched(target)


def _fetched(target: Target) -> tuple[Answer, dict[str, str]]:
    slot, capture, error = Slot(_permits), Capture(0), (0, "")
    slot.curl.setopt(pycurl.HEADERFUNCTION, capture.header)
    try:
        slot.begin(Run.alone(target), 0)
        slot.curl.perform()
    except pycurl.error as problem:
        error = problem.args[0], problem.args[1]
    except ValueError as problem:
        return Answer(error=1, ours=f"The console could not ask: {problem}"), {}
    try:
        return slot.finish(*error), capture.headers
    finally:
        slot.curl.close()


def ask(talk: Talk) -> Answer:
    """What comes of it; it takes as long as the talk's time-out at the most."""
    run = Run.alone()
    with select.epoll() as epoll:
        talks = Talks(epoll, _permits)
        talks.start(run, talk)
        while not talks.done:
            for fd, _ in epoll.poll(max(0.0, (talks.due or 0) - time.monotonic())):
                talks.move(fd)
            talks.tick(time.monotonic())
    return run.answer
