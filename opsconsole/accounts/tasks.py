"""Periodic work of this noun."""

from datetime import datetime

from opsconsole.accounts.services import leftovers_remove
from opsconsole.lib.sweeps import sweep


@sweep("accounts.tidy", title="Remove sessions that are over and old records of sign-ins")
def tidy(now: datetime) -> int:
    return leftovers_remove(now=now)
