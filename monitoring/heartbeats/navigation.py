"""Heartbeats stand below monitoring, with how many are down that are not under maintenance."""

from monitoring.catalogue.states import Status
from monitoring.heartbeats.selectors import heard_at
from opsconsole.lib import clock
from opsconsole.lib.figures import counted
from opsconsole.ui.nav import Count, Entry, register


def down() -> Count | None:
    number = heard_at(clock.now()).filter(status=Status.DOWN).count()
    return Count(number, "bad", f"{counted(number, 'job')} late or failed") if number else None


register("heartbeats", Entry("Heartbeats", "heartbeats:list", 32, parent="monitoring", count=down))
