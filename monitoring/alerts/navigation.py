"""Alerts stand below monitoring, with how many fire."""

from monitoring.alerts.selectors import firing_count
from opsconsole.lib.figures import counted
from opsconsole.ui.nav import Count, Entry, register


def firing() -> Count | None:
    number = firing_count()
    return Count(number, "look", f"{counted(number, 'alert')} firing") if number else None


register("alerts", Entry("Alerts", "alerts:list", 34, parent="monitoring", count=firing))
