"""Boards on a wall: which tiles fit on one screen, and which screen comes after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opsconsole.boards.order import Placed
from opsconsole.boards.selectors import AnyBoard

FITS = 12
"""Columns of tiles (a wide one takes two) that can be read on one screen from four metres."""
PACE, QUICKEST, SLOWEST = 20, 5, 60


@dataclass(frozen=True)
class Screen:
    """A board's tiles, or some of those that are too many for one screen."""

    board: AnyBoard
    tiles: list[Placed]

    @property
    def columns(self) -> int:
        taken = _taken(self.tiles)
        return 4 if taken > 6 else 3 if taken > 2 else max(1, taken)


def screens(boards: Sequence[tuple[AnyBoard, list[Placed]]]) -> list[Screen]:
    """Every board has one, also without tiles: that it has none is to be seen."""
    return [Screen(board, part) for board, tiles in boards for part in _parted(tiles)]


def pace(query: Mapping[str, str]) -> int:
    """Seconds until the next screen; raises ValueError with a sentence."""
    asked = query.get("every") or str(PACE)
    if not (asked.isascii() and asked.isdecimal() and QUICKEST <= int(asked[:4]) <= SLOWEST):
        raise ValueError(f"“{asked[:20]}” is no pace; choose {QUICKEST} to {SLOWEST} seconds.")
    return int(asked)


def _parted(tiles: Sequence[Placed]) -> list[list[Placed]]:
    parts: list[list[Placed]] = [[]]
    for each in tiles:
        if _taken([*parts[-1], each]) > FITS:
            parts.append([])
        parts[-1].append(each)
    return parts


def _taken(tiles: Sequence[Placed]) -> int:
    return sum(2 if each.wide else 1 for each in tiles)
