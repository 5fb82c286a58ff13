"""Where measures are defined: `@measure(...)` over a function of a period, in a noun's `measures.py`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from opsconsole.lib.periods import Period
from opsconsole.lib.registry import Registry
from opsconsole.measures.verdicts import Reading, Rule, Verdict

Read = Callable[[Period], Reading]
Hourly = Callable[[Period], Sequence[float | None]]


class Fold(StrEnum):
    """How the kept values of days make the value of a longer span, once the raw rows are gone."""

    SUM = "sum"  # counts and minutes
    MEAN = "mean"  # shares of time: weighted by how much of each day was measured
    POOLED = "pooled"  # shares and times of single events: weighted by how many there were
    MEDIAN = "median"  # the middle of the days' medians, weighted by how many there were
    LAST = "last"  # figures of a moment: the newest


_FOLDS = {"%": Fold.MEAN, "ms": Fold.POOLED, "s": Fold.POOLED}


@dataclass(frozen=True)
class Measure:
    """A figure: what it is called, its unit, how it is judged, and by which method it is made (a sentence people read).

    unit: "%", "ms", "min", "s", "€" or a noun in the plural ("incidents"); "" for a bare number.
    digits: behind the point; None for as many as carry meaning in each value.
    version: of the method; raise it when the method changes, since older values then mean something else.
    boards: the slugs of the shipped dashboards that show it.
    hourly: gives one value for each hour of a period that begins and ends with one, by a constant number of queries.
    """

    slug: str
    title: str
    unit: str
    method: str
    rule: Rule
    read: Read
    digits: int | None = 0
    fold: Fold = Fold.SUM
    version: int = 1
    boards: tuple[str, ...] = ()
    hourly: Hourly | None = None

    def judge(self, reading: Reading) -> Verdict:
        return self.rule.judge(reading)


Family = Callable[[], Sequence[Measure]]
"""All measures of a family, in one query at the most."""


class Measures(Registry[Measure]):
    """Those that are defined in code, and those of families, whose names stand in the database: “metric:<slug>”."""

    def __init__(self) -> None:
        super().__init__("measure")
        self.families: Registry[Family] = Registry("family of measures")

    def get(self, name: str) -> Measure | None:
        family = self.families.get(name.partition(":")[0]) if ":" in name else None
        if family is None:
            return super().get(name)
        return next((measure for measure in family() if measure.slug == name), None)

    def __getitem__(self, name: str) -> Measure:
        """Raises KeyError."""
        return self.get(name) or super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[Measure]:
        return (measure for _, measure in self.items())

    def __len__(self) -> int:
        return len(self.items())

    def items(self) -> list[tuple[str, Measure]]:
        return super().items() + [(each.slug, each) for family in self.families for each in family()]


measures = Measures()


def measure(
    slug: str,
    *,
    title: str,
    method: str,
    unit: str = "",
    better: str = "higher",
    target: float | None = None,
    limit: float | None = None,
    least_coverage: float = 0.5,
    digits: int = 0,
    fold: Fold | None = None,
    version: int = 1,
    boards: tuple[str, ...] = (),
    hourly: Hourly | None = None,
) -> Callable[[Read], Read]:
    """Define a measure. The function takes a Period (whose end may lie ahead) and returns a Reading.

    `fold` says how days add up; by default per cents are averaged over time, times over events, and all else is summed.
    The project imports every noun's `measures.py` at start, which registers what it defines.
    """

    def define(read: Read) -> Read:
        rule = Rule(better, target, limit, least_coverage)
        folding = fold or _FOLDS.get(unit, Fold.SUM)
        measures.register(
            slug,
            Measure(
                slug, title, unit, method, rule, read, digits, folding, version, boards=boards, hourly=hourly
            ),
        )
        return read

    return define
