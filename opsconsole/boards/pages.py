"""What the pages of boards show, put together with a number of queries that does not grow with the span."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from opsconsole.boards import order, selectors, tiles
from opsconsole.boards.order import Placed
from opsconsole.boards.selectors import AnyBoard
from opsconsole.boards.tiles import Tile
from opsconsole.boards.windows import Window
from opsconsole.health.selectors import still_since
from opsconsole.lib import periods
from opsconsole.lib.figures import counted
from opsconsole.lib.standing import Standing
from opsconsole.measures import comparisons, pages
from opsconsole.measures.registry import Measure, measures
from opsconsole.measures.selectors import read
from opsconsole.measures.verdicts import Verdict, worst


@dataclass(frozen=True)
class Page:
    """A board as it was read at `now`; `still_since` is when the engine was last seen, where that is too long ago."""

    tiles: list[Tile]
    hidden: list[Measure]
    sentence: str
    now: datetime
    still_since: datetime | None = None

    @property
    def stamp(self) -> str:
        """Of all that a reader sees but the clock: as long as it stays, nothing has to be shown anew."""
        said = [self.sentence, self.still_since, *(tile.said for tile in self.tiles)]
        return blake2b(repr(said).encode(), digest_size=12).hexdigest()


def page(board: AnyBoard, arranged: Sequence[Placed], window: Window, zone: ZoneInfo, now: datetime) -> Page:
    shown = order.shown(list(arranged))
    hidden = [measures[each.of] for each in arranged if each.hidden]
    found = tiles_of([each.of for each in shown], window, zone, now)
    found = [replace(tile, wide=each.wide) for tile, each in zip(found, shown, strict=True)]
    return Page(found, hidden, _sentence(board, found, hidden), now, still_since(now) if found else None)


def _sentence(board: AnyBoard, tiles: Sequence[Tile], hidden: Sequence[Measure]) -> str:
    if tiles:
        return pages.sentence(tiles)
    return "Every figure of this board is hidden." if hidden else board.lacks


def tiles_of(slugs: Sequence[str], window: Window, zone: ZoneInfo, now: datetime) -> list[Tile]:
    if window.days is None or window.before is None:
        lately = comparisons.last_day(slugs, zone, now)
        return [tiles.over_hours(lately[slug], now) for slug in slugs]
    kept = selectors.kept(slugs, window.before.first, window.days.last)
    today = periods.day(pages.day_of(now, zone), zone)
    return [tiles.over_days(read(slug, today), window.days, kept[slug], zone) for slug in slugs]


@dataclass(frozen=True)
class Line:
    """A board on the list, and how its figures were yesterday: `off` of them off target, None where none was kept."""

    board: AnyBoard
    standing: Standing | None
    detail: str
    off: int | None = None


def lines(boards: Sequence[AnyBoard], zone: ZoneInfo, now: datetime) -> list[Line]:
    """One query for all: the list says how yesterday was, the boards how it is."""
    figures = {board.slug: selectors.defined(board) for board in boards}
    every = {slug for slugs in figures.values() for slug in slugs}
    verdicts = selectors.newest(every, pages.day_of(now, zone) - timedelta(days=1))
    return [_line(board, figures[board.slug], verdicts) for board in boards]


def _line(board: AnyBoard, figures: Sequence[str], verdicts: dict[str, str]) -> Line:
    if not figures:
        return Line(board, None, board.lacks)
    known = [Verdict(verdicts[slug]) for slug in figures if slug in verdicts]
    said = f"{counted(len(figures), 'figure')}"
    if not known:
        return Line(board, Standing("unknown", "Nothing yet"), f"{said} · no day is kept yet")
    off = sum(verdict in (Verdict.BAD, Verdict.LOOK) for verdict in known)
    how = f"{counted(off, 'was', 'were')} off target" if off else "none was off target"
    found = worst(known)
    return Line(board, Standing(found.value, found.label), f"{said} · yesterday {how}", off)


def headline(lines: Sequence[Line]) -> str:
    """How yesterday was on all boards together."""
    known = [line for line in lines if line.off is not None]
    off = sum(bool(line.off) for line in known)
    if not known:
        return "No day is kept yet: each board shows what is known by now."
    if off:
        return f"Yesterday {off} of {counted(len(lines), 'board')} had figures off target."
    is_all = all(line.standing and line.standing.tone == Verdict.OK for line in known)
    return f"Yesterday no figure was off target{'' if is_all else ', as far as they could be verified'}."
