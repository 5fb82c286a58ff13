"""Heartbeats stand below monitoring, with how many are down."""

from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from opsconsole.lib.figures import counted
from opsconsole.ui.nav import Count, Entry, register


def down() -> Count | None:
    number = Heartbeat.objects.live().filter(status=Status.DOWN).count()
    return Count(number, "bad", f"{counted(number, 'job')} late or failed") if number else None


register("heartbeats", Entry("Heartbeats", "heartbeats:list", 32, parent="monitoring", count=down))
