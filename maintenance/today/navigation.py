"""The day's place in the rail, with the number of items that need somebody."""

from maintenance.checklists.selectors import waiting
from opsconsole.lib import clock
from opsconsole.ui.nav import Count, Entry, register


def needs() -> Count | None:
    number = waiting(clock.now())
    return Count(number, "look", "items of checklists need somebody") if number else None


register("today", Entry("Today", "today:page", 10, key="t", count=needs))
