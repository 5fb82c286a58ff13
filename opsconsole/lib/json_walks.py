"""The walk along JSON paths (json_paths.py) on a budget: whoever sends JSON chooses how much there is to walk through.

`match()` and `search()` are left out, since an expression and an answer that fit each other badly keep Python busy for hours.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathMatch
from jsonpath.filter import BaseExpression, FilterQuery
from jsonpath.selectors import Filter

from opsconsole.lib.json_paths import MOST, TooMuch, rooted


class _Counted(JSONPathMatch):
    """A place in the JSON. Each step from it, and each value that a filter looks at, is counted; where it is, is not kept."""

    __slots__ = ()

    def filter_context(self) -> Mapping[str, Any]:
        left: list[int] = self._filter_context["left"]
        left[0] -= 1
        if left[0] < 0:
            raise TooMuch
        return self._filter_context

    def new_child(self, obj: object, key: int | str) -> "_Counted":  # noqa: ARG002 where it is, is not kept
        return _start(obj, self.root, self.filter_context())

    def add_child(self, *children: JSONPathMatch) -> None:
        pass


def _start(obj: Any, root: Any, context: Mapping[str, Any]) -> _Counted:
    return _Counted(filter_context=context, obj=obj, parent=None, path="", parts=(), root=root)


class _Path(JSONPath):
    """One that begins at a counted place, within filters too."""

    __slots__ = ()

    def finditer(self, data: Any, *, filter_context: Any = None) -> Iterable[JSONPathMatch]:
        found: Iterable[JSONPathMatch] = [_start(data, data, filter_context or {"left": [MOST]})]
        for segment in self.segments:
            found = segment.resolve(found)
        return found


_ENVIRONMENT = JSONPathEnvironment(strict=True)
for _name in ("match", "search"):
    del _ENVIRONMENT.function_extensions[_name]


def compiled(text: str) -> JSONPath:
    """Raises ValueError with a sentence. `find` reads with it."""
    try:
        path = _ENVIRONMENT.compile(rooted(text))
    except Exception as error:  # whatever the parser stumbles over is no path
        raise ValueError(
            f"“{text[:80]}” is no JSON path; write it like $.status, $.items[0].state or $.jobs[?@.name=='mail'].ok."
        ) from error
    return _counted(path)


def _counted(path: Any) -> JSONPath:
    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, Filter):
                _count_in(selector.expression)
    return _Path(env=path.env, segments=path.segments)


def _count_in(expression: BaseExpression) -> None:
    if isinstance(expression, FilterQuery):
        expression.path = _counted(expression.path)
        return
    for child in expression.children():
        _count_in(child)


def find(path: JSONPath, data: Any) -> list[Any]:
    """All values there, none if there are none. Raises TooMuch, and RecursionError for what is nested over a hundred deep."""
    return [match.obj for match in path.finditer(data)]
