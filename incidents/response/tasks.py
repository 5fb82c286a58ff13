"""Sweeps of the response: changes become incidents, targets are watched, pages are followed up."""

import logging
from datetime import datetime

from incidents.response.clocks import clocks_look, due, page_settle, unsettled
from incidents.response.consuming import change_consume, waiting
from opsconsole.lib.sweeps import sweep

log = logging.getLogger(__name__)


@sweep("response.changes_consume", title="Turn changes of state into incidents")
def changes_consume(now: datetime) -> int:
    """A change that cannot be handled waits for the next sweep and does not hold up those behind it."""
    done, failed = 0, None
    for pk in waiting():
        try:
            done += change_consume(pk=pk, now=now)
        except Exception as error:
            log.exception("change %s could not be handled", pk)
            failed = error
    if failed:
        raise failed
    return done


@sweep("response.clocks", title="Say which targets of incidents have passed")
def clocks_sweep(now: datetime) -> int:
    return sum(clocks_look(pk=pk, now=now) for pk in due(now))


@sweep("response.pages_settle", title="Note which pages were accepted")
def pages_settle(now: datetime) -> int:
    return sum(page_settle(page=page, now=now) for page in unsettled())
