"""JSON paths (RFC 9535) in what others send, found within a budget. The library behind it is loaded with the first path: it takes
6 MB, which a console without any does without."""

from importlib import import_module
from typing import Any

MOST = 20_000  # values looked at for one path: some 50 ms


class TooMuch(Exception):
    """The budget is spent."""


def compiled(text: str) -> Any:
    """A path for `find`; “status” is “$.status”. Raises ValueError with a sentence."""
    return _walks().compiled(text)


def find(path: Any, data: Any) -> list[Any]:
    """All values there, none if there are none. Raises TooMuch, and RecursionError for what is nested over a hundred deep."""
    return list(_walks().find(path, data))


def rooted(path: str) -> str:
    """What people leave out: “status” is “$.status”."""
    if path.startswith("$"):
        return path
    return f"${path}" if path.startswith("[") else f"$.{path}"


def _walks() -> Any:
    return import_module("opsconsole.lib.json_walks")
