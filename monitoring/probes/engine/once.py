"""One conversation by itself, for who waits for it on a page."""

import select
import time

from django.conf import settings

from monitoring.catalogue.states import Status
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.talks import Talks
from monitoring.probes.kinds import Answer, Talk
from monitoring.probes.states import Rules, Standing
from opsconsole.lib.http.guard import networks, permitted


def ask(talk: Talk) -> Answer:
    """What comes of it; it takes as long as the talk's time-out at the most."""
    allowed = networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS))
    run = Run(0, 0, "", 0, Rules(0, 0, 0, 1, 1), Standing(Status.UNKNOWN), "", None, None, 0, 0)
    with select.epoll() as epoll:
        talks = Talks(epoll, lambda host: permitted(host, allowed))
        talks.start(run, talk)
        while not talks.done:
            for fd, _ in epoll.poll(max(0.0, (talks.due or 0) - time.monotonic())):
                talks.move(fd)
            talks.tick(time.monotonic())
    return run.answer
