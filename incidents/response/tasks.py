"""Sweeps of the response: changes become incidents, targets are watched, pages are followed up."""

from datetime import datetime

from incidents.response.alerting import notice_consume, notices_waiting
from incidents.response.clocks import clocks_look, due, page_settle, unsettled
from incidents.response.consuming import waiting
from incidents.response.crowds import changes_handle
from opsconsole.lib.sweeps import each, sweep


@sweep("response.changes_consume", title="Turn changes of state into incidents")
def changes_consume(now: datetime) -> int:
    return changes_handle(waiting(now), now)


@sweep("response.notices_consume", title="Turn alerts into incidents")
def notices_consume(now: datetime) -> int:
    return each(notices_waiting(), lambda pk: notice_consume(pk=pk, now=now))


@sweep("response.clocks", title="Say which targets of incidents have passed")
def clocks_sweep(now: datetime) -> int:
    return each(due(now), lambda pk: clocks_look(pk=pk, now=now))


@sweep("response.pages_settle", title="Note which pages were accepted")
def pages_settle(now: datetime) -> int:
    return each(unsettled(), lambda page: page_settle(page=page, now=now))
