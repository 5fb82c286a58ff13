"""How long a TLS certificate is still valid, and from when on that is worth a word. Pure."""

from datetime import datetime

from opsconsole.lib.figures import counted
from opsconsole.measures.verdicts import Verdict

LOOK_DAYS, BAD_DAYS = 14, 7
THRESHOLDS = (30, 14, 7, 1)  # days before its end that channels are told of it


def days_left(expires: datetime, now: datetime) -> int:
    """Whole days; negative when it is over."""
    return (expires - now).days


def span(days: int) -> str:
    """So many whole days, as a sentence has them."""
    return counted(days, "day") if days else "less than a day"


def verdict(days: int) -> Verdict:
    """Bad within a week, and when it is over; a look within two."""
    if days < BAD_DAYS:
        return Verdict.BAD
    return Verdict.LOOK if days < LOOK_DAYS else Verdict.OK
