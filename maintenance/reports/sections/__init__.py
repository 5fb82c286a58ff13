"""What a report says beside its figures: headings that are fixed, and parts that any file of this folder contributes.

A new part is a new file here with a function `(Context) -> list[Item]` under `@contributes("attention", order=…)`; nothing
else is edited. What broke in the week comes from functions under `@breakage`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from maintenance.reports.figures import Figure
from opsconsole.lib.periods import Period, Week, days
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Item:
    """One line: a link (`label` at `url`), then `text`. A `tone` puts a verdict in front.

    A decision (section “wanted”) is a `text` with an `action`, the words of the button that leads to `url`.
    """

    text: str
    label: str = ""
    url: str = ""
    tone: str = ""
    action: str = ""

    @property
    def joint(self) -> str:
        """What stands between label and text: nothing before a comma."""
        return " " if self.label and self.text and self.text[0] not in ",;:." else ""


@dataclass(frozen=True)
class Broken:
    """Something that hurt in the week: an incident as the verdict needs it. `rank` is 0 for P0 to 3 for P3.

    `start` to `end` is how long it hurt within the week.
    """

    label: str
    title: str
    rank: int
    start: datetime
    end: datetime
    is_open: bool = False

    @property
    def minutes(self) -> float:
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True)
class Context:
    """The week that is reported, as seen at `now`; a contributor reads its own rows."""

    week: Week
    zone: ZoneInfo
    now: datetime
    figures: list[Figure] = field(default_factory=list)

    @cached_property
    def period(self) -> Period:
        """The week, or as much of it as has passed."""
        return self.week.period(self.zone).until(self.now)

    @cached_property
    def ahead(self) -> Period:
        """The week in which the report is read."""
        return days(self.week.plus(1).monday, 7, self.zone, "next week")

    def local(self, moment: datetime) -> datetime:
        """On the wall clock of the team."""
        return moment.astimezone(self.zone)


Contribute = Callable[[Context], list[Item]]


@dataclass(frozen=True)
class Section:
    """A heading. `place` is “main” or “aside”; `empty` is said when nothing comes, and without it the heading goes too."""

    key: str
    title: str
    place: str = "main"
    empty: str = ""


@dataclass(frozen=True)
class Contribution:
    section: str
    order: int
    name: str
    contribute: Contribute


SECTIONS = (
    Section("well", "What went well"),
    Section("attention", "What needs attention", empty="Nothing that the console knows of."),
    Section("promised", "What was promised"),
    Section("wanted", "Wanted from you", "aside", empty="No decision waits for you."),
    Section("risks", "Risks next week", "aside"),
    Section("blockers", "Blockers", "aside"),
    Section("upcoming", "Next week", "aside"),
)

contributions: Registry[Contribution] = Registry("part of the report")
breakages: Registry[Callable[[Context], list[Broken]]] = Registry("source of what broke")


def contributes(section: str, *, order: int) -> Callable[[Contribute], Contribute]:
    """Put a function's items under a heading; those of a lower `order` come first."""
    if section not in {known.key for known in SECTIONS}:
        raise ValueError(f"There is no section “{section}”.")

    def define(function: Contribute) -> Contribute:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        contributions.register(name, Contribution(section, order, name, function))
        return function

    return define


def breakage(function: Callable[[Context], list[Broken]]) -> Callable[[Context], list[Broken]]:
    return breakages.register(f"{function.__module__}.{function.__name__}", function)
