"""Where measures are defined: `@measure(...)` over a function of a period, in a noun's `measures.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from opsconsole.lib.periods import Period
from opsconsole.lib.registry import Registry
from opsconsole.measures.verdicts import Reading, Rule, Verdict

Read = Callable[[Period], Reading]


@dataclass(frozen=True)
class Measure:
    """A figure: what it is called, its unit, how it is judged, and by which method it is made (a sentence people read).

    unit: "%", "ms", "min", "s", "€" or a noun in the plural ("incidents"); "" for a bare number.
    """

    slug: str
    title: str
    unit: str
    method: str
    rule: Rule
    read: Read
    digits: int = 0

    def judge(self, reading: Reading) -> Verdict:
        return self.rule.judge(reading)


measures: Registry[Measure] = Registry("measure")


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
) -> Callable[[Read], Read]:
    """Define a measure. The function takes a Period (whose end may lie ahead) and returns a Reading.

    Register by importing the noun's `measures.py` in its `AppConfig.ready()`.
    """

    def define(read: Read) -> Read:
        rule = Rule(better, target, limit, least_coverage)
        measures.register(slug, Measure(slug, title, unit, method, rule, read, digits))
        return read

    return define
