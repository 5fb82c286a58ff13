"""Sweeps: drafts that are missing are made, and what is late is said."""

from datetime import datetime

from incidents.postmortems.reminders import late_remind, missing_create
from opsconsole.lib.sweeps import sweep


@sweep("postmortems.create_missing", title="Draft the postmortems that are wanted")
def create_missing(now: datetime) -> int:
    return missing_create(now)


@sweep("postmortems.remind", title="Remind of late postmortems and actions")
def remind(now: datetime) -> int:
    return late_remind(now)
