"""What the sources of alerts are called: those who take or make alerts register a reader, so that people read names."""

from collections.abc import Callable
from dataclasses import dataclass

from opsconsole.lib.once import once
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Origin:
    """A source as people call it, and its page, where it has one."""

    name: str
    url: str = ""


Read = Callable[[], dict[str, Origin]]
"""All sources of one kind by what alerts name them, in one query."""

origins: Registry[Read] = Registry("reader of where alerts come from")


@once
def _known() -> dict[str, Origin]:
    return {source: origin for read in origins for source, origin in read().items()}


def origin_of(source: str) -> Origin:
    """Its own name where nobody knows it any more."""
    return _known().get(source) or Origin(source)
