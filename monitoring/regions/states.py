"""What a region may be called, and when it is silent. Pure rules."""

import re
from datetime import datetime, timedelta

SILENT = timedelta(seconds=60)
"""A worker reports every ten seconds; one that is started anew is back before."""
AHEAD = timedelta(minutes=5)
"""A report from further ahead comes from a clock that is wrong, or was made before ours was set back: it says nothing."""
NAMES = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")
WANTED = "A region's name has up to 30 small letters, digits and hyphens, such as eu-west; a hyphen is not at an end."


def is_name(text: str) -> bool:
    return NAMES.fullmatch(text) is not None


def is_silent(seen_at: datetime, now: datetime) -> bool:
    """Whether nothing has been heard from there for so long that what it said last may not be so any more."""
    return not -AHEAD <= now - seen_at <= SILENT
