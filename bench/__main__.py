"""`python -m bench [GROUP …]`: run all groups, or some. A group is a module here with `figures()`."""

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import bench

Figure = tuple[str, float, str]


def groups() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))


def figures(group: str) -> Iterator[Figure]:
    yield from import_module(f"bench.{group}").figures()


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(groups())
    if unknown:
        print(
            f"There is no group {', '.join(sorted(unknown))}; there are {', '.join(groups())}.",
            file=sys.stderr,
        )
        return 2
    for group in wanted or groups():
        for name, value, unit in figures(group):
            print(f"{name} {value:.4g} {unit}".strip(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
