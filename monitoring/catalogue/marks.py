"""What was done to a service on purpose: changes register a reader here, so that the catalogue need not import them."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.catalogue.models import Service
from opsconsole.lib.phrases import listed
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Mark:
    """One deed: when, of which kind, in one line, its page, and who did it if that is known."""

    at: datetime
    kind: str
    title: str
    url: str
    by: str = ""


Read = Callable[[Service], list[Mark]]
"""The newest of a service, newest first, in one query."""

marks: Registry[Read] = Registry("reader of what was done to a service")


def marks_of(service: Service) -> list[Mark]:
    return [mark for read in marks for mark in read(service)]


def done_in(starts: Sequence[datetime], marks: Sequence[Mark]) -> list[str]:
    """What was done in each step, of which the starts are given, oldest first: “Changed: Checkout 4.2”; "" where nothing was."""
    found: list[list[str]] = [[] for _ in starts]
    for mark in marks:
        if place := bisect_right(starts, mark.at):
            found[place - 1].append(mark.title[:80])
    return [f"Changed: {listed(titles, 3)}" if titles else "" for titles in found]
