"""What a kind of rule is: a pure judgement of points at a moment. It is given nothing that lies after that moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django import forms

from opsconsole.lib.figures import written
from opsconsole.lib.registry import Registry

Config = Mapping[str, Any]
"""What a person filled in: numbers, words, and spans in seconds."""


class Verdict(StrEnum):
    """Unknown neither fires nor ends anything: nobody knows."""

    OK = "ok"
    FIRING = "firing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judgement:
    """`say` is asked only where somebody reads it: a preview judges ten thousand times."""

    verdict: Verdict
    say: Callable[[], str]

    @property
    def sentence(self) -> str:
        return self.say()


@dataclass(frozen=True)
class Points:
    """Values in order, each of the `step` that ends at its moment; `unit` is how they are written.

    `newest` is when the last sample came, where that is known to the second, and `gap` how far apart they usually are.
    """

    at: Sequence[datetime]
    values: Sequence[float]
    step: timedelta
    unit: str = ""
    newest: datetime | None = None
    gap: timedelta = timedelta()

    def between(self, start: datetime, end: datetime) -> "Points":
        """Those in (start, end]."""
        return self._cut(bisect_right(self.at, start), bisect_right(self.at, end), end)

    def until(self, now: datetime) -> "Points":
        """What is known at `now`."""
        return self._cut(0, bisect_right(self.at, now), now)

    def _cut(self, low: int, high: int, end: datetime) -> "Points":
        newest = self.newest if self.newest and self.newest <= end else None
        return Points(self.at[low:high], self.values[low:high], self.step, self.unit, newest, self.gap)

    def last(self, span: timedelta, now: datetime) -> "Points":
        return self.between(now - max(span, self.step), now)

    def nearest(self, moment: datetime, slack: timedelta) -> float | None:
        """The value closest to a moment, at most `slack` away."""
        place = bisect_left(self.at, moment)
        around = [i for i in (place - 1, place) if 0 <= i < len(self.at)]
        best = min(around, key=lambda i: abs(self.at[i] - moment), default=None)
        return None if best is None or abs(self.at[best] - moment) > slack else self.values[best]

    def covers(self, span: timedelta) -> bool:
        """Whether there are values for at least half of a span."""
        return bool(self.at) and len(self.at) * self.step >= max(span, self.step) / 2

    def said(self, value: float) -> str:
        return str(written(value, self.unit, None))


class Judge(Protocol):
    def __call__(self, points: Points, config: Config, now: datetime) -> Judgement:
        """`points` end before `now`. Never raises for any values."""


@dataclass(frozen=True)
class Kind:
    """A kind of rule. `fields` are what a person fills in, `span` how far back it looks, `every` how often it is judged."""

    name: str
    title: str
    help_text: str
    fields: Mapping[str, forms.Field]
    judge: Judge
    span: "Span"
    every: timedelta = timedelta(minutes=1)


class Span(Protocol):
    def __call__(self, config: Config) -> timedelta: ...


kinds: Registry[Kind] = Registry("kind of rule")


def span(config: Config, name: str) -> timedelta:
    return timedelta(seconds=float(config[name]))


def unknown(sentence: str) -> Judgement:
    return Judgement(Verdict.UNKNOWN, lambda: sentence)


def judged(fires: bool, say: Callable[[], str]) -> Judgement:
    return Judgement(Verdict.FIRING if fires else Verdict.OK, say)
