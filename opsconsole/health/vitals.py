"""What the health page says of each part of the console. A noun above tells of its own in its `vitals.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Vital:
    """A part and how it is: `tone` is a verdict, `sentence` says why, `url` leads to its rows."""

    name: str
    tone: str
    sentence: str
    url: str = ""

    @property
    def is_trouble(self) -> bool:
        return self.tone in ("bad", "look")


Source = Callable[[datetime], Iterable[Vital]]
vitals: Registry[Source] = Registry("source of vitals")


def vital(noun: str) -> Callable[[Source], Source]:
    """Decorate a function `(now) -> vitals`. It asks a constant number of queries."""
    return lambda function: vitals.register(noun, function)


def all_vitals(now: datetime) -> list[Vital]:
    return [one for source in vitals for one in source(now)]
