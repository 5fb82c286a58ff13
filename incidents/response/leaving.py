"""What stays down after that has come back on which it depends: told once, when it had its time to come back too."""

from datetime import datetime, timedelta

from incidents.response.dependents import NAMED, left_behind
from incidents.response.models import Incident, PageReason
from incidents.response.paging import page_out
from incidents.response.writing import tell
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words
from opsconsole.lib.phrases import listed

LEFT = timedelta(minutes=3)
"""Probes ask every minute or so, and not all at once."""


def left_watch(row: Incident, now: datetime) -> None:
    """Something of it is up again, and not all: look later whether the rest has followed. The caller saves the row."""
    if row.left_at is None and left_behind(row):
        row.left_at = now + LEFT


def left_tell(row: Incident, now: datetime) -> None:
    """The row comes locked, and the caller saves it."""
    at, row.left_at = row.left_at, None
    found = left_behind(row) if at and not row.mitigated_at else []
    if not at or not found:
        return
    names = listed(found, NAMED)
    tell(row, "left", SYSTEM, now, names=names, number=len(found))
    said = f"Up again for {words(LEFT)} is what they depend on, but not: {names}."
    event = f"incident.left:{row.pk}:{int(at.timestamp())}"
    page_out(row, PageReason.JOINED, event=event, now=now, what="Not all came back", detail=said)
