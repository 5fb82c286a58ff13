"""`python -m bench [--lines] [GROUP …]`: run all groups, or some. A group is a module here with `figures()`.

What is wanted of a figure, and which others stand beside it, is in `_goals.py`; with --lines each is `name value unit` alone.
"""

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import bench
from bench import _table

Figure = tuple[str, float, str]
LINES = "--lines"


def groups() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))


def figures(group: str) -> Iterator[Figure]:
    yield from import_module(f"bench.{group}").figures()


def main(arguments: list[str]) -> int:
    wanted = [argument for argument in arguments if argument != LINES]
    unknown = set(wanted) - set(groups())
    if unknown:
        print(
            f"There is no group {', '.join(sorted(unknown))}; there are {', '.join(groups())}.",
            file=sys.stderr,
        )
        return 2
    (lines if LINES in arguments else table)(wanted or groups())
    return 0


def lines(wanted: list[str]) -> None:
    for group in wanted:
        for name, value, unit in figures(group):
            print(f"{name} {value:.4g} {unit}".strip(), flush=True)


def table(wanted: list[str]) -> None:
    """Each row as soon as it is measured; a group measures what a figure is held against before the figure."""
    seen: dict[str, float] = {}
    print(_table.busy(os.getloadavg()[0], os.cpu_count() or 1), end="")
    print(_table.line(_table.HEAD))
    for group in wanted:
        for name, value, unit in figures(group):
            seen[name] = value
            print(_table.row(name, seen, unit), flush=True)
    print(_table.summary(seen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
