"""The order of a board's tiles: pure rules over what stands on it and what a person made of that."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Placed:
    """A figure at its place: whether it is hidden, and whether it is two columns wide."""

    of: str
    hidden: bool = False
    wide: bool = False


Tiles = list[Placed]


def placed(figures: Sequence[str], stored: Iterable[Mapping[str, Any]]) -> Tiles:
    """As it was stored, as far as it still stands on the board; what came since follows. What is hidden comes last."""
    known = [Placed(**each) for each in stored if each["of"] in figures]
    seen = {each.of for each in known}
    return _hidden_last([*known, *(Placed(of) for of in figures if of not in seen)])


def stored(tiles: Tiles) -> list[dict[str, Any]]:
    return [asdict(each) for each in tiles]


def shown(tiles: Tiles) -> Tiles:
    return [each for each in tiles if not each.hidden]


def before(tiles: Tiles, of: str, other: str) -> Tiles:
    """Taken out and put in before the other; last where there is no such other."""
    moved = [each for each in tiles if each.of == of]
    rest = [each for each in tiles if each.of != of]
    place = next((i for i, each in enumerate(rest) if each.of == other), len(rest))
    return _hidden_last([*rest[:place], *moved, *rest[place:]])


def _stepped(by: int) -> Callable[[Tiles, str], Tiles]:
    def step(tiles: Tiles, of: str) -> Tiles:
        names = [each.of for each in shown(tiles)]
        if of not in names:
            return tiles
        others = [name for name in names if name != of]
        place = max(0, names.index(of) + by)
        return before(tiles, of, others[place] if place < len(others) else "")

    return step


def _hidden(to: bool) -> Callable[[Tiles, str], Tiles]:
    return lambda tiles, of: _hidden_last(replace(t, hidden=to) if t.of == of else t for t in tiles)


def _wide(to: bool) -> Callable[[Tiles, str], Tiles]:
    return lambda tiles, of: [replace(t, wide=to) if t.of == of else t for t in tiles]


ACTS: dict[str, Callable[[Tiles, str], Tiles]] = {
    "earlier": _stepped(-1),
    "later": _stepped(1),
    "hide": _hidden(True),
    "show": _hidden(False),
    "wide": _wide(True),
    "normal": _wide(False),
}


def first(chosen: Collection[str], names: Iterable[str]) -> list[str]:
    """Those that are chosen, in their order, then the other names."""
    return [*chosen, *(name for name in names if name not in chosen)]


def _hidden_last(tiles: Iterable[Placed]) -> Tiles:
    return sorted(tiles, key=lambda each: each.hidden)
