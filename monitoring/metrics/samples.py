"""One sample as it was sent, and what it must look like."""

import re
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from monitoring.metrics.buckets import Buckets
from monitoring.metrics.states import AHEAD, LATE
from opsconsole.lib import clock, durations

Labels = tuple[tuple[str, str], ...]
"""Pairs in the order of their names."""

LONGEST, MOST_LABELS, LARGEST = 200, 30, 1e30
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/ -]*")
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class Sample(NamedTuple):
    """`at` is milliseconds since 1970, None for the moment of the push. `kind` and `unit` count when the series is new.

    Of a histogram `buckets` are what it says, and the value is how many were observed since its start.
    """

    name: str
    labels: Labels
    value: float
    at: int | None = None
    kind: str = ""
    unit: str = ""
    buckets: Buckets | None = None


class BadPush(ValueError):
    """What was sent cannot be taken; the message says where and why, and nothing of it was stored."""


class OutOfTime(BadPush):
    """Its time is too long ago, or to come."""


@lru_cache(maxsize=20_000)
def check_names(name: str, labels: Labels) -> None:
    """Raises BadPush with a sentence."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise BadPush(
            f"“{name[:60]}” is no name: begin with a letter, then letters, digits, “_”, “.”, “:”, “/” or “-”, at most {LONGEST}"
        )
    if len(labels) > MOST_LABELS:
        raise BadPush(f"{name} has {len(labels)} labels; {MOST_LABELS} are the most")
    for key, value in labels:
        if not _LABEL.fullmatch(key) or len(key) > LONGEST:
            raise BadPush(f"“{key[:60]}” is no name of a label: use letters, digits and “_”")
        if len(value) > LONGEST or not value.isprintable():
            raise BadPush(
                f"the label {key} has a value that is too long or no text: {LONGEST} characters are the most"
            )


def check_value(value: float) -> float:
    """Raises BadPush for what cannot be added up."""
    if not isfinite(value) or abs(value) > LARGEST:
        raise BadPush(f"{value} is no value that can be kept: send a number between −1e30 and 1e30")
    return value


class Window:
    """Which times are taken: a day back, a minute ahead. Milliseconds since 1970."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.first = now - round(LATE.total_seconds() * 1000)
        self.last = now + round(AHEAD.total_seconds() * 1000)

    def check(self, at: int) -> int:
        """Raises OutOfTime with a sentence."""
        if self.first <= at <= self.last:
            return at
        said = clock.iso(clock.moment(at // 1000)) if 0 <= at < 7e12 else f"the time {at}"
        if at > self.last:
            raise OutOfTime(
                f"{said} lies in the future: the console’s clock says {clock.iso(clock.moment(self.now // 1000))}"
            )
        hint = "; write milliseconds, not seconds" if self.first <= at * 1000 <= self.last else ""
        raise OutOfTime(
            f"{said} is older than {durations.words(LATE)}, which is as late as a sample may come{hint}"
        )
